/** Asking a running server what its continuous backups can restore. */
@NullMarked
package dev.coffer.cli.continuous;

import org.jspecify.annotations.NullMarked;
