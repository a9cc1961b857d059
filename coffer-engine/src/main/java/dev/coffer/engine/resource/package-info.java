/** The use cases of protected resources. */
@NullMarked
package dev.coffer.engine.resource;

import org.jspecify.annotations.NullMarked;
