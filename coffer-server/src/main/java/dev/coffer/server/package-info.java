/** The process: it builds everything by hand, starts it in order and stops it in reverse. */
@NullMarked
package dev.coffer.server;

import org.jspecify.annotations.NullMarked;
