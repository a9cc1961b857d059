/** A file system in memory that knows what a power cut may leave of it, and that fails when it is told to. */
@NullMarked
package dev.coffer.testkit.fs;

import org.jspecify.annotations.NullMarked;
