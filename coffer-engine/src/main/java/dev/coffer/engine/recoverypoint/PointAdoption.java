package dev.coffer.engine.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.CopyFacts;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Lists recovery points in the catalog that only their manifests know. Tags that were changed after they were made are lost with the catalog. */
public final class PointAdoption {
    private final Catalog catalog;

    public PointAdoption(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Lists a point, unless the catalog has it.
     *
     * @param storage where the vault says that its data lies
     * @param later the lifecycle that it was given after it was made
     * @return whether it was added
     * @throws IllegalArgumentException if the manifest does not tell what the catalog needs; says what
     */
    public boolean adopt(
            Scope scope, VaultName vault, Manifest manifest, StorageClass storage, Optional<Lifecycle> later) {
        var described = manifest.point();
        var made = point(scope, vault, manifest, storage);
        var point = later.map(made::withLifecycle).orElse(made);
        var tags = PointFacts.ofMap(described.facts()).tags();
        var mark = MarkFacts.of(described.facts());
        return catalog.write(tx -> {
            boolean newestImage = mark.map(facts -> addTo(tx, point, facts, facts.mark(manifest)))
                    .orElse(false);
            var listed = tx.recoveryPoints().find(scope, vault, point.arn());
            if (listed.isPresent()) {
                if (newestImage) {
                    tx.recoveryPoints().put(listed.get().sized(manifest.logicalBytes()));
                }
                return false;
            }
            tx.recoveryPoints().put(point);
            tx.tags().put(point.arn(), tags);
            var known = tx.resources().findProtected(scope, point.resource());
            boolean newer = known.isEmpty() || known.get().lastBackupAt().isBefore(described.createdAt());
            if (newer) {
                tx.resources()
                        .putProtected(
                                scope,
                                new ProtectedResource(
                                        point.resource(),
                                        point.resourceType(),
                                        described.resourceName(),
                                        described.createdAt(),
                                        Arn.ofVault(scope, vault.value()),
                                        point.arn(),
                                        known.flatMap(ProtectedResource::latestRestore)));
            }
            return true;
        });
    }

    /** Lists a mark of a continuous backup. Whether its rule still wants it is not in the vault, so the series is interrupted until a plan takes it up. Tells whether it is the newest image now. */
    private static boolean addTo(Transaction tx, RecoveryPoint point, MarkFacts facts, Mark mark) {
        var known = tx.continuous().find(point.scope(), point.vault(), point.arn());
        var why = "The catalog was made anew from the vault. The next run of a plan with a continuous rule follows the"
                + " resource again.";
        var series = known.orElseGet(() -> new Series(
                point.scope(),
                point.vault(),
                point.arn(),
                point.resource(),
                point.resourceType(),
                facts.firstSession(),
                point.lifecycle().deleteAfterDays().orElse(Series.DAYS_AT_MOST),
                Map.of(),
                new Standing.Interrupted(mark.at(), why),
                facts.position(),
                mark.at(),
                Optional.empty(),
                0,
                Optional.empty()));
        if (tx.continuous().mark(series, mark.number()).isPresent()) {
            return false;
        }
        boolean newest = tx.continuous().newest(series, 1).stream().noneMatch(other -> other.number() > mark.number());
        if (known.isEmpty() || (newest && !series.standing().isFollowed())) {
            tx.continuous().put(series.at(facts.position()).standing(new Standing.Interrupted(mark.at(), why)));
        }
        tx.continuous().put(series, mark);
        return tx.continuous()
                .newestImage(series)
                .filter(image -> image.number() == mark.number())
                .isPresent();
    }

    /**
     * The point that a manifest tells of.
     *
     * @throws IllegalArgumentException if it does not tell what the catalog needs; says what
     */
    static RecoveryPoint point(Scope scope, VaultName vault, Manifest manifest, StorageClass storage) {
        var described = manifest.point();
        PointFacts facts;
        Arn arn;
        Arn resource;
        try {
            facts = PointFacts.ofMap(described.facts());
            arn = Arn.parse("RecoveryPointArn", described.recoveryPointArn());
            resource = Arn.parse("ResourceArn", described.resourceArn());
        } catch (Refused wrong) {
            throw new IllegalArgumentException(wrong.problem().message(), wrong);
        }
        var type = ResourceType.ofWireName(described.resourceType())
                .orElseThrow(() ->
                        new IllegalArgumentException("resource type " + described.resourceType() + " is unknown"));
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                MarkFacts.of(described.facts())
                        .map(MarkFacts::firstSession)
                        .orElse(manifest.id().value()),
                resource,
                type,
                described.resourceName(),
                facts.role(),
                MarkFacts.of(described.facts()).isPresent()
                        ? RecoveryPointStatus.STOPPED
                        : RecoveryPointStatus.COMPLETED,
                // As the catalog holds it.
                described.createdAt().truncatedTo(ChronoUnit.MILLIS),
                Optional.empty(),
                Optional.of(manifest.summary().consistentAt()),
                manifest.logicalBytes(),
                manifest.newBytes(),
                facts.lifecycle(),
                Optional.empty(),
                facts.createdBy(),
                storage,
                CopyFacts.of(described.facts()).map(CopyFacts::originalVault));
    }
}
