package dev.coffer.testkit.catalog;

interface RestoreJobContract {}
