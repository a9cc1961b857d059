/** The AWS Backup API: from a signed request to an operation and back. */
@NullMarked
package dev.coffer.server.api;

import org.jspecify.annotations.NullMarked;
