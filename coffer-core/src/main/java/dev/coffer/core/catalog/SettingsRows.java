package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.core.settings.RegionSettings;

/** Reads settings. */
public interface SettingsRows {
    /** The settings; defaults where nothing was set. */
    RegionSettings of(Scope scope);

    /** The settings of the organization; defaults where nothing was set. */
    GlobalSettings global();

    /** A value of the installation under a name, for example which bootstraps were done. */
    java.util.Optional<String> installation(String name);
}
