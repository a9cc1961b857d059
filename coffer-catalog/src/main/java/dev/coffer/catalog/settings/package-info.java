/** The rows of settings. */
@NullMarked
package dev.coffer.catalog.settings;

import org.jspecify.annotations.NullMarked;
