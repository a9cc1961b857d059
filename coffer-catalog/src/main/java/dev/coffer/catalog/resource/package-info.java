/** The rows of resources that restores have made, and of protected resources. */
@NullMarked
package dev.coffer.catalog.resource;

import org.jspecify.annotations.NullMarked;
