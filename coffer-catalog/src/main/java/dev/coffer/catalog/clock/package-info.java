/** The record of the vault clock in SQL. */
@NullMarked
package dev.coffer.catalog.clock;

import org.jspecify.annotations.NullMarked;
