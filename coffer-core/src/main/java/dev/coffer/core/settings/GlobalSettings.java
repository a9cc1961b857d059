package dev.coffer.core.settings;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the organization that the accounts of an installation form.
 *
 * @param chosen those that were ever set; the others are off
 * @param updatedAt when the last one was set; empty if none ever was
 */
public record GlobalSettings(Map<GlobalSetting, Boolean> chosen, Optional<Instant> updatedAt) {
    /** Nothing was ever set. */
    public static final GlobalSettings DEFAULTS = new GlobalSettings(Map.of(), Optional.empty());

    public GlobalSettings {
        chosen = Map.copyOf(chosen);
    }

    /** These settings with the given ones put over them; those that are not given keep their value. */
    public GlobalSettings with(Map<GlobalSetting, Boolean> more, Instant at) {
        var all = new EnumMap<GlobalSetting, Boolean>(GlobalSetting.class);
        all.putAll(chosen);
        all.putAll(more);
        return new GlobalSettings(all, Optional.of(at));
    }

    /**
     * What is shown: what was set, and no more, since a client that manages settings as code reads every further one as a change that somebody else has made. Before anything is set it is the oldest
     * setting, off.
     */
    public Map<GlobalSetting, Boolean> shown() {
        return chosen.isEmpty() ? Map.of(GlobalSetting.CROSS_ACCOUNT_BACKUP, false) : chosen;
    }
}
