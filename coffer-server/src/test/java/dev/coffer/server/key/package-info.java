/** Tests of opening the configured keys. */
@NullMarked
package dev.coffer.server.key;

import org.jspecify.annotations.NullMarked;
