/** Tests. */
@NullMarked
package dev.coffer.server.http;

import org.jspecify.annotations.NullMarked;
