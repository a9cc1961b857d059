package dev.coffer.server.legalhold;

import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.engine.legalhold.CreateHold;
import dev.coffer.engine.legalhold.LegalHoldService;
import dev.coffer.server.api.Operations;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.CancelLegalHoldRequest;
import software.amazon.awssdk.services.backup.model.CancelLegalHoldResponse;
import software.amazon.awssdk.services.backup.model.CreateLegalHoldRequest;
import software.amazon.awssdk.services.backup.model.CreateLegalHoldResponse;
import software.amazon.awssdk.services.backup.model.DateRange;
import software.amazon.awssdk.services.backup.model.GetLegalHoldRequest;
import software.amazon.awssdk.services.backup.model.GetLegalHoldResponse;
import software.amazon.awssdk.services.backup.model.ListLegalHoldsRequest;
import software.amazon.awssdk.services.backup.model.ListLegalHoldsResponse;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByLegalHoldRequest;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByLegalHoldResponse;
import software.amazon.awssdk.services.backup.model.RecoveryPointMember;
import software.amazon.awssdk.services.backup.model.RecoveryPointSelection;

/** CreateLegalHold, GetLegalHold, ListLegalHolds, CancelLegalHold, ListRecoveryPointsByLegalHold. */
public final class LegalHoldOperations {
    private LegalHoldOperations() {}

    public static void addTo(Operations operations, LegalHoldService holds) {
        operations.put(CreateLegalHoldRequest.class, (call, request) -> {
            var hold = holds.create(call.caller(), create(request));
            return CreateLegalHoldResponse.builder()
                    .title(hold.title())
                    .status(hold.state().wireName())
                    .description(hold.description())
                    .legalHoldId(hold.id().value())
                    .legalHoldArn(hold.arn().toString())
                    .creationDate(hold.createdAt())
                    .recoveryPointSelection(selection(hold.selection()))
                    .build();
        });
        operations.put(
                GetLegalHoldRequest.class, (call, request) -> shown(holds.get(call.caller(), request.legalHoldId())));
        operations.put(ListLegalHoldsRequest.class, (call, request) -> {
            var page = holds.list(call.caller(), call.page(request.maxResults(), request.nextToken()));
            return ListLegalHoldsResponse.builder()
                    .legalHolds(page.rows().stream()
                            .map(LegalHoldOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(CancelLegalHoldRequest.class, (call, request) -> {
            holds.cancel(
                    call.caller(),
                    request.legalHoldId(),
                    Optional.ofNullable(request.cancelDescription()),
                    Optional.ofNullable(request.retainRecordInDays()));
            return CancelLegalHoldResponse.builder().build();
        });
        operations.put(ListRecoveryPointsByLegalHoldRequest.class, (call, request) -> {
            var page = holds.points(
                    call.caller(), request.legalHoldId(), call.page(request.maxResults(), request.nextToken()));
            return ListRecoveryPointsByLegalHoldResponse.builder()
                    .recoveryPoints(page.rows().stream()
                            .map(LegalHoldOperations::member)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
    }

    private static CreateHold create(CreateLegalHoldRequest request) {
        var selection = Optional.ofNullable(request.recoveryPointSelection());
        var range = selection.flatMap(given -> Optional.ofNullable(given.dateRange()));
        return new CreateHold(
                request.title(),
                request.description(),
                Optional.ofNullable(request.idempotencyToken()),
                selection.map(RecoveryPointSelection::vaultNames).orElse(List.of()),
                selection.map(RecoveryPointSelection::resourceIdentifiers).orElse(List.of()),
                range.flatMap(given -> Optional.ofNullable(given.fromDate())),
                range.flatMap(given -> Optional.ofNullable(given.toDate())),
                request.tags());
    }

    private static GetLegalHoldResponse shown(LegalHold hold) {
        var why = hold.state().cancellation();
        return GetLegalHoldResponse.builder()
                .title(hold.title())
                .status(hold.state().wireName())
                .description(hold.description())
                .cancelDescription(why.map(HoldState.Cancellation::description).orElse(null))
                .legalHoldId(hold.id().value())
                .legalHoldArn(hold.arn().toString())
                .creationDate(hold.createdAt())
                .cancellationDate(why.map(HoldState.Cancellation::at).orElse(null))
                .retainRecordUntil(why.map(HoldState.Cancellation::recordUntil).orElse(null))
                .recoveryPointSelection(selection(hold.selection()))
                .build();
    }

    private static software.amazon.awssdk.services.backup.model.LegalHold listed(LegalHold hold) {
        return software.amazon.awssdk.services.backup.model.LegalHold.builder()
                .title(hold.title())
                .status(hold.state().wireName())
                .description(hold.description())
                .legalHoldId(hold.id().value())
                .legalHoldArn(hold.arn().toString())
                .creationDate(hold.createdAt())
                .cancellationDate(hold.state()
                        .cancellation()
                        .map(HoldState.Cancellation::at)
                        .orElse(null))
                .build();
    }

    private static RecoveryPointMember member(RecoveryPoint point) {
        return RecoveryPointMember.builder()
                .recoveryPointArn(point.arn().toString())
                .resourceArn(point.resource().toString())
                .resourceType(point.resourceType().wireName())
                .backupVaultName(point.vault().value())
                .build();
    }

    private static @Nullable RecoveryPointSelection selection(HoldSelection selection) {
        if (selection.equals(HoldSelection.ALL)) {
            return null;
        }
        var shown = RecoveryPointSelection.builder();
        if (!selection.vaultNames().isEmpty()) {
            shown.vaultNames(selection.vaultNames());
        }
        if (!selection.resourceIdentifiers().isEmpty()) {
            shown.resourceIdentifiers(selection.resourceIdentifiers());
        }
        selection
                .createdWithin()
                .ifPresent(range -> shown.dateRange(DateRange.builder()
                        .fromDate(range.from())
                        .toDate(range.to())
                        .build()));
        return shown.build();
    }
}
