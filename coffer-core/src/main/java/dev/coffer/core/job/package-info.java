/** Backup, copy and restore jobs: their data, their states, and the port that runs them. */
@NullMarked
package dev.coffer.core.job;

import org.jspecify.annotations.NullMarked;
