/** Tests. */
@NullMarked
package dev.coffer.server.node;

import org.jspecify.annotations.NullMarked;
