/** One capture on its way into the vault. */
@NullMarked
package dev.coffer.repository.session;

import org.jspecify.annotations.NullMarked;
