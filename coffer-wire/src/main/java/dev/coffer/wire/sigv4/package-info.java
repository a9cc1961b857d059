/** Verification of AWS Signature Version 4 as AWS Backup clients send it. */
@NullMarked
package dev.coffer.wire.sigv4;

import org.jspecify.annotations.NullMarked;
