/** Freeing what no recovery point needs, safely beside readers and writers in any process. Told in docs/format/repository-v1-sweep.md. */
@NullMarked
package dev.coffer.repository.sweep;

import org.jspecify.annotations.NullMarked;
