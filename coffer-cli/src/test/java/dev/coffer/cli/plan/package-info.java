/** Tests of what the commands about plans print. */
@NullMarked
package dev.coffer.cli.plan;

import org.jspecify.annotations.NullMarked;
