/** Questions to a running server, answered for people or as JSON. */
@NullMarked
package dev.coffer.cli.ask;

import org.jspecify.annotations.NullMarked;
