/** What the metrics page shows. */
@NullMarked
package dev.coffer.server.metrics;

import org.jspecify.annotations.NullMarked;
