/** What callers are told when the catalog cannot be used. */
@NullMarked
package dev.coffer.server.catalog;

import org.jspecify.annotations.NullMarked;
