/** A repository in memory, and the contract that every repository keeps. */
@NullMarked
package dev.coffer.testkit.repository;

import org.jspecify.annotations.NullMarked;
