/** How log lines look. */
@NullMarked
package dev.coffer.server.log;

import org.jspecify.annotations.NullMarked;
