package dev.coffer.core.settings;

import java.util.Arrays;
import java.util.Optional;

/** A setting of an organization, with the name that AWS Backup gives it. */
public enum GlobalSetting {
    CROSS_ACCOUNT_BACKUP("isCrossAccountBackupEnabled"),
    MULTI_PARTY_APPROVAL("isMpaEnabled"),
    DELEGATED_ADMINISTRATOR("isDelegatedAdministratorEnabled");

    private final String wireName;

    GlobalSetting(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire, for example {@code isMpaEnabled}. */
    public String wireName() {
        return wireName;
    }

    /** The setting of this wire name. */
    public static Optional<GlobalSetting> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(setting -> setting.wireName.equals(name))
                .findFirst();
    }

    /** Whether this version has what the setting turns on. */
    public boolean canBeOn() {
        return switch (this) {
            case CROSS_ACCOUNT_BACKUP -> true;
            case MULTI_PARTY_APPROVAL, DELEGATED_ADMINISTRATOR -> false;
        };
    }
}
