/** Why a request is refused or a job ends badly, and the exception that carries it. */
@NullMarked
package dev.coffer.core.problem;

import org.jspecify.annotations.NullMarked;
