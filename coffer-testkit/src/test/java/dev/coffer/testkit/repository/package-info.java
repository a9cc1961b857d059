/** The repository in memory under the contract. */
@NullMarked
package dev.coffer.testkit.repository;

import org.jspecify.annotations.NullMarked;
