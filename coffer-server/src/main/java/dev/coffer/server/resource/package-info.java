/** Operations on protected resources. */
@NullMarked
package dev.coffer.server.resource;

import org.jspecify.annotations.NullMarked;
