/** Tests of the rules of plans. */
@NullMarked
package dev.coffer.core.plan;

import org.jspecify.annotations.NullMarked;
