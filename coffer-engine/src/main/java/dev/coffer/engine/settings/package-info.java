/** Settings of an account in a Region, and the quotas of the installation. */
@NullMarked
package dev.coffer.engine.settings;

import org.jspecify.annotations.NullMarked;
