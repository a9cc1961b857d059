package dev.coffer.core.plan;

/** A search for malware that a rule asks for, with AWS's names of scanner and mode. */
public record ScanAction(String scanner, String mode) {}
