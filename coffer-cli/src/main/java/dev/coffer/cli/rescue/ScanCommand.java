package dev.coffer.cli.rescue;

import dev.coffer.repository.VaultFolder;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds vaults below a folder; needs no key. */
@Command(name = "scan", description = "Find vaults below a folder. Needs no key.", mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {
    private static final int DEPTH = 8;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to look, for example the data folder of a server.")
    private Path folder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Path> vaults;
        try (var below = Files.walk(folder, DEPTH, new FileVisitOption[0])) {
            vaults = below.filter(Files::isDirectory)
                    .filter(VaultFolder::isVault)
                    .sorted()
                    .toList();
        } catch (java.nio.file.NoSuchFileException absent) {
            throw new RescueException(RescueException.FAILED, "there is no folder " + folder + ".");
        }
        var out = spec.commandLine().getOut();
        if (vaults.isEmpty()) {
            throw new RescueException(
                    RescueException.FAILED, "no vault was found below " + folder + ", down to " + DEPTH + " levels.");
        }
        for (var path : vaults) {
            var vault = VaultFolder.toRead(path);
            var contents = vault.contents();
            out.println(path);
            out.println("  vault id   " + vault.id());
            out.println("  opened by  " + String.join(", ", Set.copyOf(vault.keyIds())));
            out.println("  holds      " + contents.points() + " recovery points, " + contents.packs() + " packs, "
                    + contents.bytes() + " bytes");
        }
        return 0;
    }
}
