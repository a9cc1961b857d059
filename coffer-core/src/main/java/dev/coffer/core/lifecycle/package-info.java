/** When a recovery point moves to cold storage and when it goes. */
@NullMarked
package dev.coffer.core.lifecycle;

import org.jspecify.annotations.NullMarked;
