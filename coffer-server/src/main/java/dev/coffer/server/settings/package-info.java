/** Operations on the settings of a region. */
@NullMarked
package dev.coffer.server.settings;

import org.jspecify.annotations.NullMarked;
