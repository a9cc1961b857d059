/** Tests of plans, their selections and their ticker over a real catalog. */
@NullMarked
package dev.coffer.engine.plan;

import org.jspecify.annotations.NullMarked;
