/** The port to one resource type: capture and restore. */
@NullMarked
package dev.coffer.core.connector;

import org.jspecify.annotations.NullMarked;
