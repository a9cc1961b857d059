/** Backup plans: their rules and schedules, how overlapping rules are merged, and what becomes of each instant at which a rule fires. */
@NullMarked
package dev.coffer.core.plan;

import org.jspecify.annotations.NullMarked;
