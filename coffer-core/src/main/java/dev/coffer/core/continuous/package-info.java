/** Continuous backups: series of marks, what they can restore, and what may be forgotten. */
@NullMarked
package dev.coffer.core.continuous;

import org.jspecify.annotations.NullMarked;
