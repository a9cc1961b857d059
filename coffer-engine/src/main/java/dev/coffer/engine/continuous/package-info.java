/** Continuous backups: who follows which resource, and what becomes of the series. */
@NullMarked
package dev.coffer.engine.continuous;

import org.jspecify.annotations.NullMarked;
