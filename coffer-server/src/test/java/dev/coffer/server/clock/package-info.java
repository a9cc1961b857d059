/** Tests of the vault clock of the process. */
@NullMarked
package dev.coffer.server.clock;

import org.jspecify.annotations.NullMarked;
