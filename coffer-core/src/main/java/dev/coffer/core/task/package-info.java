/** Work that begins and ends together. */
@NullMarked
package dev.coffer.core.task;

import org.jspecify.annotations.NullMarked;
