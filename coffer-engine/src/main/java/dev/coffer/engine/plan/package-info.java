/** The use cases of backup plans and their selections, and the ticker that lets plans fire. */
@NullMarked
package dev.coffer.engine.plan;

import org.jspecify.annotations.NullMarked;
