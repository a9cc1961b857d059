/** One committed recovery point on its way out of the vault. */
@NullMarked
package dev.coffer.repository.read;

import org.jspecify.annotations.NullMarked;
