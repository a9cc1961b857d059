package dev.coffer.engine.event;

import dev.coffer.core.event.Event;
import dev.coffer.core.event.Notice;
import dev.coffer.core.vault.VaultEvent;
import dev.coffer.core.vault.VaultNotifications;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/** Turns events into the texts that AWS Backup publishes to the topic of a vault. */
public final class VaultNotices {
    private static final String SUBJECT = "Notification from AWS Backup";

    private VaultNotices() {}

    private record Told(Set<VaultEvent> names, String type, String state, String id, String message) {}

    /** What the event is to the topic; empty if the vault does not notify of it. */
    public static Optional<Notice> of(VaultNotifications notifications, Event event) {
        if (!isAbout(event, notifications)) {
            return Optional.empty();
        }
        return told(event)
                .filter(told -> told.names().stream().anyMatch(notifications.events()::contains))
                .map(told -> notice(told, event));
    }

    /** A copy is told to the topics of both vaults; one from another account only when it is there, so that nobody is told of what was only tried. */
    private static boolean isAbout(Event event, VaultNotifications notifications) {
        if (event.detailType().equals(Events.COPY_JOB)) {
            var vault = Optional.of(
                    Events.vaultArn(notifications.scope(), notifications.vault().value()));
            boolean own = event.scope().account().equals(notifications.scope().account());
            return (own && text(event, "sourceBackupVaultArn").equals(vault))
                    || (text(event, "destinationBackupVaultArn").equals(vault)
                            && (own || text(event, "state").equals(Optional.of("COMPLETED"))));
        }
        return event.scope().equals(notifications.scope())
                && vaultOf(event).equals(Optional.of(notifications.vault().value()));
    }

    private static Notice notice(Told told, Event event) {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("EventType", told.type());
        if (event.detailType().equals(Events.INDEX)) {
            attributes.put("AccountId", event.scope().account().value());
            attributes.put("IndexStatus", told.state());
            attributes.put("IsIndexingContinuous", String.valueOf(event.detail().get("isIndexingContinuous")));
            attributes.put("RecoveryPointArn", told.id());
            return new Notice(SUBJECT, told.message(), attributes);
        }
        attributes.put("State", told.state());
        attributes.put("AccountId", event.scope().account().value());
        attributes.put("Id", told.id());
        text(event, "creationDate").ifPresent(created -> attributes.put("StartTime", created));
        return new Notice(SUBJECT, told.message(), attributes);
    }

    private static Optional<Told> told(Event event) {
        return switch (event.detailType()) {
            case Events.BACKUP_JOB -> backup(event);
            case Events.COPY_JOB -> copy(event);
            case Events.RESTORE_JOB -> restore(event);
            case Events.INDEX -> index(event);
            case Events.RECOVERY_POINT, Events.RECOVERY_POINT_CHANGE -> Optional.of(point(event));
            default -> Optional.empty();
        };
    }

    private static Optional<Told> backup(Event event) {
        var state = text(event, "state").orElse("");
        var id = text(event, "backupJobId").orElse("");
        var tail = "Resource ARN : " + text(event, "resourceArn").orElse("") + ". BackupJob ID : " + id;
        return switch (state) {
            case "RUNNING" ->
                backup(EnumSet.of(VaultEvent.BACKUP_JOB_STARTED), event, id, "An AWS Backup job was started. " + tail);
            case "COMPLETED" ->
                backup(
                        EnumSet.of(VaultEvent.BACKUP_JOB_COMPLETED, VaultEvent.BACKUP_JOB_SUCCESSFUL),
                        event,
                        id,
                        "An AWS Backup job was completed successfully. Recovery point ARN: "
                                + event.resources().getFirst() + ". " + tail);
            case "FAILED" ->
                backup(
                        EnumSet.of(VaultEvent.BACKUP_JOB_COMPLETED, VaultEvent.BACKUP_JOB_FAILED),
                        event,
                        id,
                        "An AWS Backup job failed. " + tail);
            case "EXPIRED" ->
                backup(
                        EnumSet.of(VaultEvent.BACKUP_JOB_COMPLETED, VaultEvent.BACKUP_JOB_EXPIRED),
                        event,
                        id,
                        "An AWS Backup job failed to complete in time. " + tail);
            case "ABORTED" ->
                backup(
                        EnumSet.of(VaultEvent.BACKUP_JOB_COMPLETED),
                        event,
                        id,
                        "An AWS Backup job was stopped. " + tail);
            default -> Optional.empty();
        };
    }

    private static Optional<Told> backup(Set<VaultEvent> names, Event event, String id, String message) {
        return Optional.of(new Told(names, "BACKUP_JOB", text(event, "state").orElse(""), id, message));
    }

    private static Optional<Told> copy(Event event) {
        var state = text(event, "state").orElse("");
        var id = text(event, "copyJobId").orElse("");
        var tail = "Resource ARN : " + text(event, "resourceArn").orElse("") + ". CopyJob ID : " + id;
        return switch (state) {
            case "RUNNING" ->
                copy(VaultEvent.COPY_JOB_STARTED, state, id, "An AWS Backup copy job was started. " + tail);
            case "COMPLETED" ->
                copy(
                        VaultEvent.COPY_JOB_SUCCESSFUL,
                        state,
                        id,
                        "An AWS Backup copy job was completed successfully. Recovery point ARN: "
                                + text(event, "destinationRecoveryPointArn").orElse("") + ". " + tail);
            case "FAILED" -> copy(VaultEvent.COPY_JOB_FAILED, state, id, "An AWS Backup copy job failed. " + tail);
            default -> Optional.empty();
        };
    }

    private static Optional<Told> copy(VaultEvent name, String state, String id, String message) {
        return Optional.of(new Told(EnumSet.of(name), "COPY_JOB", state, id, message));
    }

    private static Optional<Told> restore(Event event) {
        var status = text(event, "status").orElse("");
        var id = text(event, "restoreJobId").orElse("");
        var point = "Recovery point ARN: " + text(event, "recoveryPointArn").orElse("") + ". ";
        var tail = "RestoreJob ID : " + id;
        return switch (status) {
            case "RUNNING" ->
                restore(
                        EnumSet.of(VaultEvent.RESTORE_JOB_STARTED),
                        status,
                        id,
                        "An AWS Backup restore job was started. " + point + tail);
            case "COMPLETED" ->
                restore(
                        EnumSet.of(VaultEvent.RESTORE_JOB_COMPLETED, VaultEvent.RESTORE_JOB_SUCCESSFUL),
                        status,
                        id,
                        "An AWS Backup restore job was completed successfully. " + point + "Resource ARN : "
                                + text(event, "createdResourceArn").orElse("") + ". " + tail);
            case "FAILED" ->
                restore(
                        EnumSet.of(VaultEvent.RESTORE_JOB_COMPLETED, VaultEvent.RESTORE_JOB_FAILED),
                        status,
                        id,
                        "An AWS Backup restore job failed. " + point + tail);
            default -> Optional.empty();
        };
    }

    private static Optional<Told> restore(Set<VaultEvent> names, String status, String id, String message) {
        return Optional.of(new Told(names, "RESTORE_JOB", status, id, message));
    }

    private static Optional<Told> index(Event event) {
        var status = text(event, "indexStatus").orElse("");
        var point = text(event, "recoveryPointArn").orElse("");
        var tail = "recovery point arn: " + point;
        return switch (status) {
            case "ACTIVE" ->
                index(
                        VaultEvent.RECOVERY_POINT_INDEX_COMPLETED,
                        "RECOVERY_POINT_INDEXING_COMPLETED",
                        status,
                        point,
                        "An AWS Backup backup index job was completed. Indexed " + tail);
            case "DELETED" ->
                index(
                        VaultEvent.RECOVERY_POINT_INDEX_DELETED,
                        "RECOVERY_POINT_INDEX_DELETED",
                        status,
                        point,
                        "An AWS Backup backup index was deleted. Indexed " + tail);
            case "FAILED" ->
                index(
                        VaultEvent.RECOVERY_POINT_INDEXING_FAILED,
                        "RECOVERY_POINT_INDEXING_FAILED",
                        status,
                        point,
                        "An AWS Backup backup index job failed. Indexed " + tail);
            default -> Optional.empty();
        };
    }

    private static Optional<Told> index(VaultEvent name, String type, String status, String point, String message) {
        return Optional.of(new Told(EnumSet.of(name), type, status, point, message));
    }

    private static Told point(Event event) {
        var arn = event.resources().getFirst().toString();
        var status = text(event, "status").orElse("");
        return new Told(
                status.equals("STOPPED")
                        ? EnumSet.of(VaultEvent.RECOVERY_POINT_MODIFIED, VaultEvent.CONTINUOUS_BACKUP_INTERRUPTED)
                        : EnumSet.of(VaultEvent.RECOVERY_POINT_MODIFIED),
                "RECOVERY_POINT",
                status,
                arn,
                "An AWS Backup recovery point was modified. Recovery point ARN: " + arn + ". Resource ARN : "
                        + text(event, "resourceArn").orElse(""));
    }

    private static Optional<String> vaultOf(Event event) {
        return text(event, "backupVaultName")
                .or(() -> text(event, "backupVaultArn").map(arn -> arn.substring(arn.lastIndexOf(':') + 1)));
    }

    private static Optional<String> text(Event event, String member) {
        return event.detail().get(member) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
