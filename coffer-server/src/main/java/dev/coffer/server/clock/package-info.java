/** The vault clock of the process: time servers, the paths of administrators, and its acknowledgement. */
@NullMarked
package dev.coffer.server.clock;

import org.jspecify.annotations.NullMarked;
