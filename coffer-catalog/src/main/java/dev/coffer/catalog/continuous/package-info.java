/** Continuous backups in SQL. */
@NullMarked
package dev.coffer.catalog.continuous;

import org.jspecify.annotations.NullMarked;
