/** Legal holds: what they select, and how they come and go. */
@NullMarked
package dev.coffer.core.legalhold;

import org.jspecify.annotations.NullMarked;
