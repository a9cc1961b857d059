/** The contract of blob stores, a store in memory whose bytes can be damaged, and stores that fail or crash on purpose. */
@NullMarked
package dev.coffer.testkit.store;

import org.jspecify.annotations.NullMarked;
