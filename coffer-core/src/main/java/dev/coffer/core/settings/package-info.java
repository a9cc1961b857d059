/** Settings of an account in a region. */
@NullMarked
package dev.coffer.core.settings;

import org.jspecify.annotations.NullMarked;
