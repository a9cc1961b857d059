package dev.coffer.engine.continuous;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.ContinuousRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.continuous.Following;
import dev.coffer.core.continuous.Gap;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Window;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The use cases that show what continuous backups can restore, and how they stand. They change nothing. */
public final class ContinuousService {
    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;

    public ContinuousService(Catalog catalog, Gate gate, InstantSource clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
    }

    /**
     * A continuous backup as it stands.
     *
     * @param windows that can be restored, the oldest first
     * @param gaps between them
     * @param lag from the last second that can be restored to now; empty if there is none
     * @param marks how many there are
     * @param forgetsNext when the oldest marks are forgotten at the earliest
     */
    public record Standing(
            Series series,
            Following following,
            List<Window> windows,
            List<Gap> gaps,
            Optional<Duration> lag,
            long marks,
            Optional<Instant> forgetsNext) {
        public Standing {
            windows = List.copyOf(windows);
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * The continuous backups of the caller's account and Region, by the ARN of their recovery points.
     *
     * @param vault the name of the vault that holds them
     * @param resource the ARN of the resource that they follow
     * @throws Refused INVALID_PARAMETER_VALUE for a resource that is no ARN; an unknown vault has none
     */
    public Page<Standing> list(Caller caller, Optional<String> vault, Optional<String> resource, PageRequest page) {
        gate.check(
                caller,
                "coffer:ListContinuousBackups",
                vault.map(name -> Arn.ofVault(caller.scope(), name)).orElseGet(() -> everything(caller)));
        var name = vault.flatMap(VaultName::parse);
        if (vault.isPresent() && name.isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        var filter = new ContinuousRows.Filter(name, resource.map(text -> Arn.parse("resourceArn", text)));
        return catalog.read(
                view -> view.continuous().list(caller.scope(), filter, page).map(series -> standing(view, series)));
    }

    /**
     * One continuous backup.
     *
     * @param arn of its recovery point
     * @throws Refused INVALID_PARAMETER_VALUE if it is no ARN; RESOURCE_NOT_FOUND; INVALID_REQUEST for a snapshot
     */
    public Standing show(Caller caller, String arn) {
        var point = Arn.parse("RecoveryPointArn", arn);
        gate.check(caller, "coffer:DescribeContinuousBackup", point);
        return catalog.read(view -> {
            var found = view.recoveryPoints()
                    .find(caller.scope(), point)
                    .orElseThrow(() -> new Refused(Problem.notFound("Recovery point " + point + " was not found.")));
            return standing(view, series(view, found));
        });
    }

    private static Series series(View view, RecoveryPoint point) {
        return view.continuous()
                .find(point.scope(), point.vault(), point.arn())
                .orElseThrow(() -> new Refused(Problem.invalidRequest("The recovery point " + point.arn()
                        + " is a snapshot. coffer continuous list shows the continuous backups.")));
    }

    private Standing standing(View view, Series series) {
        var now = clock.instant();
        var outline = view.continuous().outline(series);
        var windows = outline.windows(series.oldest(now));
        var second = outline.marks().stream()
                .findFirst()
                .flatMap(first -> view.continuous().imageAfter(series, first.number()));
        return new Standing(
                series,
                Following.of(series, now),
                windows,
                outline.gaps(series.oldest(now)),
                windows.isEmpty() ? Optional.empty() : Optional.of(lag(windows.getLast(), now)),
                view.continuous().count(series),
                outline.forgetsNext(
                        second, series.retention(), series.standing().isFollowed()));
    }

    /** The clock of the source may be ahead of ours. */
    private static Duration lag(Window last, Instant now) {
        var lag = Duration.between(last.latest(), now);
        return lag.isNegative() ? Duration.ZERO : lag;
    }

    private static Arn everything(Caller caller) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "*");
    }
}
