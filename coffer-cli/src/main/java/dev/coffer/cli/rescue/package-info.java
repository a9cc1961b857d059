/** Reading and restoring vaults by their folders and a key alone: no server, no catalog. */
@NullMarked
package dev.coffer.cli.rescue;

import org.jspecify.annotations.NullMarked;
