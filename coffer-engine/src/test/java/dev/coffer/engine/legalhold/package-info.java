/** Tests of the use cases of legal holds. */
@NullMarked
package dev.coffer.engine.legalhold;

import org.jspecify.annotations.NullMarked;
