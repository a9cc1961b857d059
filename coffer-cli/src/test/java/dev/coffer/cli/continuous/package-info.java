/** Tests of what the commands about continuous backups print. */
@NullMarked
package dev.coffer.cli.continuous;

import org.jspecify.annotations.NullMarked;
