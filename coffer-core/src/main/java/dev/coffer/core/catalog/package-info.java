/** The port to the control plane's memory. */
@NullMarked
package dev.coffer.core.catalog;

import org.jspecify.annotations.NullMarked;
