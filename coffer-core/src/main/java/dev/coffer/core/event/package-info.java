/** What happened, told to the outside. */
@NullMarked
package dev.coffer.core.event;

import org.jspecify.annotations.NullMarked;
