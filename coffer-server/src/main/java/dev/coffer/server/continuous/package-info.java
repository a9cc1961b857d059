/** What continuous backups can restore, for administrators. */
@NullMarked
package dev.coffer.server.continuous;

import org.jspecify.annotations.NullMarked;
