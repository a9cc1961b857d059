/** What each kernel of the repository engine reaches alone, in one thread. */
@NullMarked
package dev.coffer.bench;

import org.jspecify.annotations.NullMarked;
