/** STS, which issues temporary credentials, on the same endpoint. */
@NullMarked
package dev.coffer.server.sts;

import org.jspecify.annotations.NullMarked;
