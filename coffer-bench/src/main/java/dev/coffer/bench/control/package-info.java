/** How the control plane bears large numbers, measured as a client sees it. */
@NullMarked
package dev.coffer.bench.control;

import org.jspecify.annotations.NullMarked;
