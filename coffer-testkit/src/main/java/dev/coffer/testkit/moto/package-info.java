/** A server that imitates AWS, as a process of its own. */
@NullMarked
package dev.coffer.testkit.moto;

import org.jspecify.annotations.NullMarked;
