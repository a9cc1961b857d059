package dev.coffer.core.event;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A digest in words: failures first, each with what failed, why, and the next step. */
public final class DigestText {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

    private final Digest digest;
    private final DateTimeFormatter times;

    /** The words for readers in the zone. */
    public DigestText(Digest digest, ZoneId zone) {
        this.digest = digest;
        this.times =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ROOT).withZone(zone);
    }

    /** One line that tells whether there is something to do. */
    public String subject() {
        long failed = digest.failureCount();
        var head = failed == 0 ? "No backup problems" : failed + (failed == 1 ? " backup problem" : " backup problems");
        return head + " in " + digest.scope().account() + " " + digest.scope().region();
    }

    /** As plain text. */
    public String text() {
        var out = new StringBuilder(subject()).append("\n\n").append(period()).append("\n");
        for (var failure : digest.failures()) {
            out.append("\n* ")
                    .append(line(failure.what()))
                    .append(": ")
                    .append(line(failure.resource()))
                    .append(", vault ")
                    .append(failure.vault())
                    .append(", ")
                    .append(times.format(failure.at()))
                    .append("\n  Why: ")
                    .append(line(failure.why()))
                    .append("\n  Next step: ")
                    .append(failure.nextStep())
                    .append("\n  ")
                    .append(failure.subject().title())
                    .append(": ")
                    .append(line(failure.id()))
                    .append("\n");
        }
        if (digest.moreFailures() > 0) {
            out.append("\nand ").append(digest.moreFailures()).append(" more.\n");
        }
        out.append("\n");
        facts().forEach(fact -> out.append(fact).append("\n"));
        return out.toString();
    }

    /** As an HTML page that needs nothing from elsewhere. */
    public String html() {
        var out = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(subject()))
                .append("</title></head><body style=\"font-family:sans-serif\"><h1 style=\"font-size:1.3em\">")
                .append(escaped(subject()))
                .append("</h1><p>")
                .append(escaped(period()))
                .append("</p>");
        if (!digest.failures().isEmpty()) {
            out.append("<table border=\"1\" cellpadding=\"6\" style=\"border-collapse:collapse\"><tr>");
            for (var head : List.of("What", "Resource", "Vault", "When", "Why", "Next step", "Subject")) {
                out.append("<th scope=\"col\" align=\"left\">").append(head).append("</th>");
            }
            out.append("</tr>");
            for (var failure : digest.failures()) {
                out.append("<tr>");
                for (var cell : List.of(
                        failure.what(),
                        failure.resource(),
                        failure.vault(),
                        times.format(failure.at()),
                        failure.why(),
                        failure.nextStep(),
                        failure.subject().title() + " " + failure.id())) {
                    out.append("<td>").append(escaped(line(cell))).append("</td>");
                }
                out.append("</tr>");
            }
            out.append("</table>");
        }
        if (digest.moreFailures() > 0) {
            out.append("<p>and ").append(digest.moreFailures()).append(" more.</p>");
        }
        out.append("<ul>");
        facts().forEach(fact -> out.append("<li>").append(escaped(fact)).append("</li>"));
        return out.append("</ul></body></html>\n").toString();
    }

    /** As a JSON object, for programs. */
    public String json() {
        var failures = new ArrayList<Map<String, Object>>();
        for (var failure : digest.failures()) {
            var object = new LinkedHashMap<String, Object>();
            object.put("what", failure.what());
            object.put("resourceName", failure.resource());
            object.put("backupVaultName", failure.vault());
            object.put("why", failure.why());
            object.put("nextStep", failure.nextStep());
            object.put("at", failure.at().toString());
            object.put(failure.subject().member(), failure.id());
            failures.add(object);
        }
        var object = new LinkedHashMap<String, Object>();
        object.put("kind", "digest");
        object.put("account", digest.scope().account().value());
        object.put("region", digest.scope().region().value());
        object.put("from", digest.from().toString());
        object.put("to", digest.to().toString());
        object.put("subject", subject());
        object.put("failures", failures);
        object.put("moreFailures", digest.moreFailures());
        object.put("completedBackups", digest.completedBackups());
        object.put("completedWithIssues", digest.completedWithIssues());
        object.put("completedCopies", digest.completedCopies());
        object.put("completedRestores", digest.completedRestores());
        object.put("newBytes", digest.newBytes());
        object.put("openJobs", digest.openJobs());
        object.put("text", text());
        return EventJson.text(object);
    }

    private String period() {
        return times.format(digest.from()) + " to " + times.format(digest.to());
    }

    private List<String> facts() {
        var issues = digest.completedWithIssues() == 0 ? "" : ", " + digest.completedWithIssues() + " with issues";
        return List.of(
                "Backups completed: " + digest.completedBackups() + issues + ", " + size(digest.newBytes()) + " new",
                "Copies completed: " + digest.completedCopies(),
                "Restores completed: " + digest.completedRestores(),
                "Jobs not ended: " + digest.openJobs());
    }

    private static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }

    /** Names and messages come from outside: they stay on their line. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
