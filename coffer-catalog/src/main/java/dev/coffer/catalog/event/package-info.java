/** The rows of the outbox. */
@NullMarked
package dev.coffer.catalog.event;

import org.jspecify.annotations.NullMarked;
