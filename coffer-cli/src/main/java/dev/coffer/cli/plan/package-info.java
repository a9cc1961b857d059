/** Asking a running server what its backup plans protect. */
@NullMarked
package dev.coffer.cli.plan;

import org.jspecify.annotations.NullMarked;
