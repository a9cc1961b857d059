/** Backup and restore jobs: the requests that make them, and the loop that runs them under leases. */
@NullMarked
package dev.coffer.engine.job;

import org.jspecify.annotations.NullMarked;
