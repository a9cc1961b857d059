/** The rows of recovery points. */
@NullMarked
package dev.coffer.catalog.recoverypoint;

import org.jspecify.annotations.NullMarked;
