/** Sinks of events that the server brings along. */
@NullMarked
package dev.coffer.server.event;

import org.jspecify.annotations.NullMarked;
