/** Events in the shapes of AWS Backup, and their way from the catalog to the sinks. */
@NullMarked
package dev.coffer.engine.event;

import org.jspecify.annotations.NullMarked;
