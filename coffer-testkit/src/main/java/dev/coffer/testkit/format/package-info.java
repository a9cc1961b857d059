/** A second reader of the repository format, written from docs/format alone. It shares no code with the product, so that what the pages say is held against what the product writes. */
@NullMarked
package dev.coffer.testkit.format;

import org.jspecify.annotations.NullMarked;
