/** Maintenance of vaults over the administrators' paths. */
@NullMarked
package dev.coffer.server.maintenance;

import org.jspecify.annotations.NullMarked;
