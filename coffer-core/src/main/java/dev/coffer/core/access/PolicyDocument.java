package dev.coffer.core.access;

/**
 * A policy as it was given, with what it says.
 *
 * @param text as it was given, white space included
 */
public record PolicyDocument(String text, Policy policy) {}
