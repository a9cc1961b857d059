/** The resources that can be backed up, and the connectors that reach them. */
@NullMarked
package dev.coffer.engine.source;

import org.jspecify.annotations.NullMarked;
