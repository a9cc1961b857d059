/** Legal holds in SQL. */
@NullMarked
package dev.coffer.catalog.legalhold;

import org.jspecify.annotations.NullMarked;
