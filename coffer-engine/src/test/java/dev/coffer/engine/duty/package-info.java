@NullMarked
package dev.coffer.engine.duty;

import org.jspecify.annotations.NullMarked;
