/** The rows of duties. */
@NullMarked
package dev.coffer.catalog.duty;

import org.jspecify.annotations.NullMarked;
