/** The rows of idempotency tokens. */
@NullMarked
package dev.coffer.catalog.token;

import org.jspecify.annotations.NullMarked;
