/** Administering a running server, and the client that its commands use. */
@NullMarked
package dev.coffer.cli.admin;

import org.jspecify.annotations.NullMarked;
