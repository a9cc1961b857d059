/** The operations bound to the model classes of the AWS SDK, and the choice of one by method and raw path. */
@NullMarked
package dev.coffer.wire.route;

import org.jspecify.annotations.NullMarked;
