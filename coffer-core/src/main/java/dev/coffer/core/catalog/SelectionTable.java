package dev.coffer.core.catalog;

import dev.coffer.core.plan.BackupSelection;

/** Changes the selections of plans. */
public interface SelectionTable extends SelectionRows {
    /** Adds a selection whose name is free in its plan. */
    void insert(BackupSelection selection);

    void delete(BackupSelection selection);
}
