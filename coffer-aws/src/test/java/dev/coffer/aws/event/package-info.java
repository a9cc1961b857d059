/** The promises of the package. */
@NullMarked
package dev.coffer.aws.event;

import org.jspecify.annotations.NullMarked;
