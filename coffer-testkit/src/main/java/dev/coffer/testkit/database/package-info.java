/** Database servers for tests. */
@NullMarked
package dev.coffer.testkit.database;

import org.jspecify.annotations.NullMarked;
