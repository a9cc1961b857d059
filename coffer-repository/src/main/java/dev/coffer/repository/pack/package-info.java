/** Packs: the files that hold sealed chunks, how they are filled, made durable and opened. */
@NullMarked
package dev.coffer.repository.pack;

import org.jspecify.annotations.NullMarked;
