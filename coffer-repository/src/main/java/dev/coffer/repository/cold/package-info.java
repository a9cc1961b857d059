/** A vault's second storage class: packs on a slower, cheaper disk. */
@NullMarked
package dev.coffer.repository.cold;

import org.jspecify.annotations.NullMarked;
