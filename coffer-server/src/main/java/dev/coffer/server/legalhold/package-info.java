/** Operations on legal holds: shapes to use cases and back. */
@NullMarked
package dev.coffer.server.legalhold;

import org.jspecify.annotations.NullMarked;
