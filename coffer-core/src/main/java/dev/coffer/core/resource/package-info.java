/** What is protected: resource types, resources and the sources that they are read from. */
@NullMarked
package dev.coffer.core.resource;

import org.jspecify.annotations.NullMarked;
