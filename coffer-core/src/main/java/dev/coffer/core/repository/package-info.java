/** The port to one vault's deduplicated, encrypted storage. */
@NullMarked
package dev.coffer.core.repository;

import org.jspecify.annotations.NullMarked;
