/** The rows of access keys, roles and signatures that were used. */
@NullMarked
package dev.coffer.catalog.access;

import org.jspecify.annotations.NullMarked;
