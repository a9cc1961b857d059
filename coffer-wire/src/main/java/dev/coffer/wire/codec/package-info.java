/** restJson1: requests into SDK request objects, SDK response and exception objects into answers. */
@NullMarked
package dev.coffer.wire.codec;

import org.jspecify.annotations.NullMarked;
