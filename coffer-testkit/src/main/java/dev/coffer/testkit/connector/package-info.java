/** What every connector promises, as tests to run against one. */
@NullMarked
package dev.coffer.testkit.connector;

import org.jspecify.annotations.NullMarked;
