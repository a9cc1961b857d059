/** Tests. */
@NullMarked
package dev.coffer.server.config;

import org.jspecify.annotations.NullMarked;
