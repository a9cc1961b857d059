package dev.coffer.testkit.catalog;

interface SmallTablesContract {}
