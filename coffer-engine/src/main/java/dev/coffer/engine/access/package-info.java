/** Who may do what: the gate in front of every use case, access keys, and the guard against replayed requests. */
@NullMarked
package dev.coffer.engine.access;

import org.jspecify.annotations.NullMarked;
