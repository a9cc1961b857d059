package dev.coffer.cli.rescue;

import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.repository.VaultFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Verifies a vault, with its key or without. */
@Command(
        name = "verify",
        description = "Look for damage in a vault. Without --key every blob is compared with its digest; with it, the"
                + " recovery points are walked, too.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OpenedVault vault;

    @Option(
            names = "--depth",
            paramLabel = "DEPTH",
            defaultValue = "content",
            description = "structure, bytes or content. Default: ${DEFAULT-VALUE}")
    private String depth;

    @Option(
            names = "--repair-from",
            paramLabel = "DIR",
            description = "Put damaged and missing blobs right from a second copy of the same vault. No server works on"
                    + " the vault meanwhile.")
    private @Nullable Path copy;

    @Option(
            names = "--repair-from-cold",
            paramLabel = "DIR",
            description = "The cold storage of the second copy. Default: as --cold, for the second copy.")
    private @Nullable Path coldCopy;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        VerifyReport report;
        try (var _ = vault) {
            if (!vault.hasKey()) {
                if (copy != null) {
                    throw new RescueException(RescueException.WRONG_KEY, "a repair needs the key. Give it with --key.");
                }
                report = vault.found(false).verifyWithoutKeys();
            } else {
                var request = new VerifyRequest(chosen(), dev.coffer.core.repository.PackRange.ALL, Optional.empty());
                if (copy != null) {
                    request = request.repairedFrom(VaultFolder.toRead(copy, Optional.ofNullable(coldCopy))
                            .store());
                }
                report = vault.open(vault.found(copy != null)).verify(request);
            }
        }
        out.println(report.points() + " recovery points, " + report.packs() + " packs; " + report.packsRead()
                + " packs with " + report.bytesRead() + " bytes were read");
        for (var finding : report.findings()) {
            out.println((finding.repaired() ? "repaired: " : "damaged: ") + finding.blob() + ": " + finding.damage());
            if (!finding.points().isEmpty()) {
                out.println("  recovery points: "
                        + finding.points().stream().map(SessionId::value).collect(Collectors.joining(", ")));
            }
        }
        out.println(report.isSound() ? "nothing is damaged" : report.findingsInAll() + " findings");
        return report.isSound() ? 0 : RescueException.DAMAGED;
    }

    private Depth chosen() {
        for (var each : Depth.values()) {
            if (each.name().equals(depth.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new CommandLine.ParameterException(
                spec.commandLine(), "--depth: '" + depth + "' is none of structure, bytes, content");
    }
}
