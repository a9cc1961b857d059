/** The rows of backup jobs and restore jobs. */
@NullMarked
package dev.coffer.catalog.job;

import org.jspecify.annotations.NullMarked;
