package dev.coffer.cli.rescue;

import dev.coffer.keys.escrow.EscrowException;
import dev.coffer.keys.escrow.EscrowFile;
import dev.coffer.keys.secret.UnusableSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes an escrow file of a vault. */
@Command(
        name = "escrow",
        description = "Write an escrow file: with it and its passphrase the vault is opened when its key is lost.",
        mixinStandardHelpOptions = true)
final class EscrowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OpenedVault vault;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "The file, which must not exist yet.")
    private Path to;

    @Option(
            names = "--new-passphrase-file",
            paramLabel = "FILE",
            required = true,
            description = "The file with the passphrase of the escrow file: 12 characters at least.")
    private Path passphrase;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var random = new SecureRandom();
        var found = vault.found(false);
        var dataKey = vault.dataKey(found);
        try {
            EscrowFile.write(
                    to, found.id().toString(), found.context(), dataKey, OpenedVault.seal(passphrase, random), random);
        } catch (EscrowException | UnusableSecret wrong) {
            throw new RescueException(RescueException.FAILED, String.valueOf(wrong.getMessage()));
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
        spec.commandLine()
                .getOut()
                .println("wrote " + to + ". Keep it and its passphrase apart from each other, and from the vault.");
        return 0;
    }
}
