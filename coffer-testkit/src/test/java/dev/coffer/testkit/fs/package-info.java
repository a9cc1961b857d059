/** Tests of the crash file system. */
@NullMarked
package dev.coffer.testkit.fs;

import org.jspecify.annotations.NullMarked;
