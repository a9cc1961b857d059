/** The contract of what wraps data keys. */
@NullMarked
package dev.coffer.testkit.key;

import org.jspecify.annotations.NullMarked;
