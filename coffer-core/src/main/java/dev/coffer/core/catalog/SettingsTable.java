package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.core.settings.RegionSettings;

/** Changes settings. */
public interface SettingsTable extends SettingsRows {
    void put(Scope scope, RegionSettings settings);

    void putGlobal(GlobalSettings settings);

    void putInstallation(String name, String value);
}
