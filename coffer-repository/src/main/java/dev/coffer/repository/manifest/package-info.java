/** The sealed root of a recovery point. */
@NullMarked
package dev.coffer.repository.manifest;

import org.jspecify.annotations.NullMarked;
