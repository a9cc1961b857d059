/** Recovery points as the control plane sees them. */
@NullMarked
package dev.coffer.core.recoverypoint;

import org.jspecify.annotations.NullMarked;
