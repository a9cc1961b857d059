/** Users, keys, roles and policies over the administrators' paths. */
@NullMarked
package dev.coffer.server.access;

import org.jspecify.annotations.NullMarked;
