/** {@code coffer demo}: the main job on real input, through the API, on a throw-away server. */
@NullMarked
package dev.coffer.cli.demo;

import org.jspecify.annotations.NullMarked;
