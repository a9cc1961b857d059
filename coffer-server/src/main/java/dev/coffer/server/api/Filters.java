package dev.coffer.server.api;

import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditions of lists, as requests write them. */
public final class Filters {
    private Filters() {}

    public static Optional<VaultName> vault(@Nullable String name) {
        return Optional.ofNullable(name).map(VaultName::new);
    }

    public static Optional<ResourceType> type(@Nullable String name) {
        return Optional.ofNullable(name)
                .map(text -> ResourceType.ofWireName(text)
                        .orElseThrow(() -> new Refused(Problem.invalid("Unsupported resource type: " + text))));
    }

    /** A message category in any case; {@code AGGREGATE_ALL} and {@code ANY} stand for all. */
    public static Optional<MessageCategory> category(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        var folded = name.toUpperCase(Locale.ROOT);
        if (folded.equals("AGGREGATE_ALL") || folded.equals("ANY")) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(MessageCategory.values())
                .filter(category -> category.name().equals(folded))
                .findFirst()
                .orElseThrow(() -> new Refused(Problem.invalid("ByMessageCategory names no message category."))));
    }
}
