package dev.coffer.engine.legalhold;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.job.Idempotency;
import dev.coffer.engine.settings.Limits;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of legal holds. What a hold takes is kept from the moment at which {@link #create} returns. */
public final class LegalHoldService {
    private static final String OPERATION = "CreateLegalHold";
    private static final long RECORD_DAYS_AT_MOST = 36_500;

    private final Catalog catalog;
    private final Gate gate;
    private final TrustedClock trusted;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Limits limits;
    private final HoldKeeper keeper;
    private final Runnable wakeLoop;

    /**
     * The use cases.
     *
     * @param wakeLoop tells the loop that there is something to collect or to release
     */
    public LegalHoldService(
            Catalog catalog,
            Gate gate,
            TrustedClock trusted,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            HoldKeeper keeper,
            Runnable wakeLoop) {
        this.catalog = catalog;
        this.gate = gate;
        this.trusted = trusted;
        this.clock = clock;
        this.ids = ids;
        this.limits = limits;
        this.keeper = keeper;
        this.wakeLoop = wakeLoop;
    }

    /**
     * Makes a hold; all points that it takes are held when this returns. A repeat with the same token returns the first one's hold as it is now.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for values that cannot be and for an unknown vault; LIMIT_EXCEEDED
     */
    public LegalHold create(Caller caller, CreateHold request) {
        var scope = caller.scope();
        gate.check(
                caller,
                "backup:CreateLegalHold",
                new HoldId("*").arn(scope),
                Facts.NONE.withRequestTags(request.tags()));
        var selection = selection(request);
        var tags = Tags.NONE.with(Tags.of(request.tags()));
        var idempotency = new Idempotency(
                scope,
                OPERATION,
                request.idempotencyToken(),
                limits.tokens(),
                List.of(request.title(), request.description(), selection, tags.valueByKey()));
        var hold = catalog.write(tx -> {
            var now = clock.instant();
            var earlier =
                    idempotency.earlier(tx, now).flatMap(id -> tx.legalHolds().find(scope, new HoldId(id)));
            if (earlier.isPresent()) {
                return earlier.get();
            }
            var fresh = new LegalHold(
                    scope,
                    new HoldId(ids.get().toString()),
                    request.title(),
                    request.description(),
                    selection,
                    now,
                    new HoldState.Creating(Optional.empty()));
            selection.vaultNames().forEach(name -> mustExist(tx, scope, name));
            if (tx.legalHolds().countInForce(scope) >= LegalHold.AT_MOST) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        "This account has " + LegalHold.AT_MOST
                                + " legal holds in force in this Region and cannot have more. Cancel one."));
            }
            tx.legalHolds().put(fresh);
            tx.tags().put(fresh.arn(), tags);
            idempotency.keep(tx, fresh.id().value(), now);
            return fresh;
        });
        wakeLoop.run();
        return hold;
    }

    private static HoldSelection selection(CreateHold request) {
        if (request.fromDate().isPresent() != request.toDate().isPresent()) {
            throw new Refused(Problem.missing("DateRange needs FromDate and ToDate."));
        }
        for (var resource : request.resourceIdentifiers()) {
            if (Arn.parse(resource).flatMap(ResourceType::ofArn).isEmpty()
                    && ResourceType.ofWireName(resource).isEmpty()) {
                throw new Refused(Problem.invalid("ResourceIdentifiers names " + resource
                        + ", which is neither the ARN of a resource nor a resource type."));
            }
        }
        return new HoldSelection(
                request.vaultNames(),
                request.resourceIdentifiers(),
                request.fromDate().flatMap(from -> request.toDate().map(to -> new HoldSelection.DateRange(from, to))));
    }

    private static void mustExist(View view, Scope scope, String vault) {
        if (VaultName.parse(vault)
                .flatMap(name -> view.vaults().find(scope, name))
                .isEmpty()) {
            throw new Refused(Problem.invalid("VaultNames names " + vault + ", and there is no such backup vault."));
        }
    }

    /**
     * Shows a hold.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public LegalHold get(Caller caller, String id) {
        gate.check(caller, "backup:GetLegalHold", new HoldId(id).arn(caller.scope()));
        return catalog.read(view -> existing(view, caller, id));
    }

    /** All holds whose records are kept, the newest first. */
    public Page<LegalHold> list(Caller caller, PageRequest page) {
        gate.check(caller, "backup:ListLegalHolds", new HoldId("*").arn(caller.scope()));
        return catalog.read(view -> view.legalHolds().list(caller.scope(), page));
    }

    /**
     * The points that a hold has so far.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for an unknown hold, as AWS declares no other error
     */
    public Page<RecoveryPoint> points(Caller caller, String id, PageRequest page) {
        gate.check(caller, "backup:ListRecoveryPointsByLegalHold", new HoldId(id).arn(caller.scope()));
        return catalog.read(view -> view.legalHolds()
                .pointsOf(
                        view.legalHolds()
                                .find(caller.scope(), new HoldId(id))
                                .orElseThrow(() -> new Refused(
                                        Problem.invalid("LegalHoldId " + id + " is not one of a legal hold."))),
                        page));
    }

    /**
     * Cancels a hold, in every vault and then in the catalog; its points are free soon after.
     *
     * @param retainRecordInDays how long its record is kept; 180 if it is left out
     * @throws Refused MISSING_PARAMETER_VALUE without a reason; INVALID_PARAMETER_VALUE; RESOURCE_NOT_FOUND; INVALID_RESOURCE_STATE if it is cancelled already, and while the vault clock is suspect
     */
    public void cancel(Caller caller, String id, Optional<String> description, Optional<Long> retainRecordInDays)
            throws InterruptedException {
        gate.check(caller, "backup:CancelLegalHold", new HoldId(id).arn(caller.scope()));
        var why = description.orElseThrow(() -> new Refused(Problem.missing("CancelDescription is missing.")));
        LegalHold.checkCancelDescription(why);
        long days = retainRecordInDays.orElse(LegalHold.RECORD_DAYS);
        if (days < 0 || days > RECORD_DAYS_AT_MOST) {
            throw new Refused(Problem.invalid(
                    "RetainRecordInDays must be 0 to " + RECORD_DAYS_AT_MOST + ", and is " + days + "."));
        }
        // As the catalog can hold it.
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var cancellation = new HoldState.Cancellation(now, why, now.plus(Duration.ofDays(days)));
        var hold = catalog.read(view -> canceled(view, caller, id, cancellation));
        keeper.cancel(
                hold,
                cancellation,
                () -> catalog.<Boolean>write(tx -> {
                    tx.legalHolds().put(canceled(tx, caller, id, cancellation));
                    return true;
                }));
        wakeLoop.run();
    }

    private LegalHold canceled(View view, Caller caller, String id, HoldState.Cancellation cancellation) {
        var hold = existing(view, caller, id);
        if (!trusted.at(view).isTrusted()) {
            throw new Refused(Problem.of(Problem.Kind.INVALID_RESOURCE_STATE, VaultLock.SUSPECT));
        }
        return hold.in(
                switch (hold.state()) {
                    case HoldState.Creating creating -> creating.canceled(cancellation);
                    case HoldState.Active active -> active.canceled(cancellation);
                    case HoldState.Canceling _, HoldState.Canceled _ ->
                        throw new Refused(Problem.of(
                                Problem.Kind.INVALID_RESOURCE_STATE,
                                "Legal hold " + id + " is " + hold.state().wireName()
                                        + " and cannot be cancelled again."));
                });
    }

    private static LegalHold existing(View view, Caller caller, String id) {
        return view.legalHolds()
                .find(caller.scope(), new HoldId(id))
                .orElseThrow(() -> new Refused(Problem.notFound("Legal hold " + id + " was not found.")));
    }
}
