package dev.coffer.engine.selection;

import dev.coffer.core.selection.Verdict;

/** What one selection of a plan says of a resource. */
public record Judgement(String planId, String planName, String selectionId, String selectionName, Verdict verdict) {}
