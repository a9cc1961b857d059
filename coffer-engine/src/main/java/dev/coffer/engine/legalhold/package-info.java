/** The use cases of legal holds, and the loop that collects and releases what they hold. */
@NullMarked
package dev.coffer.engine.legalhold;

import org.jspecify.annotations.NullMarked;
