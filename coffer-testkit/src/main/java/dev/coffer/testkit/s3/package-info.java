/** Object stores to test against. */
@NullMarked
package dev.coffer.testkit.s3;

import org.jspecify.annotations.NullMarked;
