package dev.coffer.cli;

import java.util.Optional;

/** Which version runs. */
public final class Version {
    private Version() {}

    /** The version of the distribution, or {@code development} when the classes do not come from one. */
    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
