/** How values are written into columns and read back, the same for all features. */
@NullMarked
package dev.coffer.catalog.sql;

import org.jspecify.annotations.NullMarked;
