/** The control plane's memory in one SQLite file: opening it, its transactions and its schema. Each feature's rows are in a package of their own. */
@NullMarked
package dev.coffer.catalog;

import org.jspecify.annotations.NullMarked;
