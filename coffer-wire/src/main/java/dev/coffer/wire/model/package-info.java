/** The service model: operations, shapes and their constraints, read from the resource {@code api-model.json}. */
@NullMarked
package dev.coffer.wire.model;

import org.jspecify.annotations.NullMarked;
