/** The figures of the first page. */
@NullMarked
package dev.coffer.server.dashboard;

import org.jspecify.annotations.NullMarked;
