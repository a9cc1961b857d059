/** {@code coffer serve}. */
@NullMarked
package dev.coffer.cli.serve;

import org.jspecify.annotations.NullMarked;
