/** What Coffer does beyond AWS Backup, for administrators: {@code /coffer/v1/}. */
@NullMarked
package dev.coffer.server.admin;

import org.jspecify.annotations.NullMarked;
