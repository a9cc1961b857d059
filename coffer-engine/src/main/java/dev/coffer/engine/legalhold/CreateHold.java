package dev.coffer.engine.legalhold;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What CreateLegalHold asks for, as the request writes it. */
public record CreateHold(
        String title,
        String description,
        Optional<String> idempotencyToken,
        List<String> vaultNames,
        List<String> resourceIdentifiers,
        Optional<Instant> fromDate,
        Optional<Instant> toDate,
        Map<String, String> tags) {
    public CreateHold {
        vaultNames = List.copyOf(vaultNames);
        resourceIdentifiers = List.copyOf(resourceIdentifiers);
        tags = Map.copyOf(tags);
    }
}
