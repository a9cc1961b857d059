/** Tests of the paths about plans. */
@NullMarked
package dev.coffer.server.plan;

import org.jspecify.annotations.NullMarked;
