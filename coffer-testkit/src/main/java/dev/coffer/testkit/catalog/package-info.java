/** What every catalog promises, as tests that an implementation runs, and the rows that they store. */
@NullMarked
package dev.coffer.testkit.catalog;

import org.jspecify.annotations.NullMarked;
