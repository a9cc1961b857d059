/** The HTTP listener, and the health and metrics pages. */
@NullMarked
package dev.coffer.server.http;

import org.jspecify.annotations.NullMarked;
