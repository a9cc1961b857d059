package dev.coffer.testkit.catalog;

interface RecoveryPointContract {}
