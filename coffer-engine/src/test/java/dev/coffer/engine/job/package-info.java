/** Tries the jobs' promises with the real catalog, a repository in memory and a connector over trees in memory. */
@NullMarked
package dev.coffer.engine.job;

import org.jspecify.annotations.NullMarked;
