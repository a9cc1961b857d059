/** The configuration file: its shape, its reader, its errors. */
@NullMarked
package dev.coffer.server.config;

import org.jspecify.annotations.NullMarked;
