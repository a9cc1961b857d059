/** Commands about the vault clock. */
@NullMarked
package dev.coffer.cli.clock;

import org.jspecify.annotations.NullMarked;
