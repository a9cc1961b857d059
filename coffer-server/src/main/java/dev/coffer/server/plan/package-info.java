/** Operations on backup plans and their selections: shapes to use cases and back. */
@NullMarked
package dev.coffer.server.plan;

import org.jspecify.annotations.NullMarked;
