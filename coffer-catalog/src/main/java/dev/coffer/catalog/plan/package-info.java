/** The rows of backup plans, their selections and their runs. */
@NullMarked
package dev.coffer.catalog.plan;

import org.jspecify.annotations.NullMarked;
