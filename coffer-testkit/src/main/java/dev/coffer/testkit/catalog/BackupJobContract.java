package dev.coffer.testkit.catalog;

interface BackupJobContract {}
