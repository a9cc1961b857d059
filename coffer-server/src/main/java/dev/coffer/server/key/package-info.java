/** The keys that the configuration names, opened. */
@NullMarked
package dev.coffer.server.key;

import org.jspecify.annotations.NullMarked;
