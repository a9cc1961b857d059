/** Amazon resource names, accounts and regions. */
@NullMarked
package dev.coffer.core.arn;

import org.jspecify.annotations.NullMarked;
