/** Operations on backup and restore jobs. */
@NullMarked
package dev.coffer.server.job;

import org.jspecify.annotations.NullMarked;
