/** Wrapping keys on PKCS#11 tokens: hardware security modules, smart cards, SoftHSM. */
@NullMarked
package dev.coffer.keys.token;

import org.jspecify.annotations.NullMarked;
