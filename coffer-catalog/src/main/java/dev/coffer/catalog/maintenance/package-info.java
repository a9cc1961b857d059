/** Maintenance runs in SQL. */
@NullMarked
package dev.coffer.catalog.maintenance;

import org.jspecify.annotations.NullMarked;
