/** What selections choose from the resources that exist, and why. */
@NullMarked
package dev.coffer.engine.selection;

import org.jspecify.annotations.NullMarked;
