/** The promises of the package. */
@NullMarked
package dev.coffer.engine.settings;

import org.jspecify.annotations.NullMarked;
