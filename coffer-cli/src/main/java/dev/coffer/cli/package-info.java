/** The command line: one class for each command. */
@NullMarked
package dev.coffer.cli;

import org.jspecify.annotations.NullMarked;
