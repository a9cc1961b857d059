/** What keeps the points of a vault, in the vault itself. Described in docs/format/repository-v1.md. */
@NullMarked
package dev.coffer.repository.facts;

import org.jspecify.annotations.NullMarked;
