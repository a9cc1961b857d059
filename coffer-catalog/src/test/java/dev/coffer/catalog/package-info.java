/** What the catalog in SQLite promises beyond the contract. */
@NullMarked
package dev.coffer.catalog;

import org.jspecify.annotations.NullMarked;
