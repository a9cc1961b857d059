/** Operations on tags. */
@NullMarked
package dev.coffer.server.tag;

import org.jspecify.annotations.NullMarked;
