/** Copies of data keys in text files, for the day on which the wrapping key is gone. */
@NullMarked
package dev.coffer.keys.escrow;

import org.jspecify.annotations.NullMarked;
