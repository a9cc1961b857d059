/** Wrapping keys in AWS KMS or in a service that speaks its protocol. */
@NullMarked
package dev.coffer.keys.kms;

import org.jspecify.annotations.NullMarked;
