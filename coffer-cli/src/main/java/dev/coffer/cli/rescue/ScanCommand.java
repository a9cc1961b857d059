package dev.coffer.cli.rescue;

import dev.coffer.repository.VaultFolder;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds vaults below a folder; needs no key. */
@Command(name = "scan", description = "Find vaults below a folder. Needs no key.", mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {
    private static final int DEPTH = 8;
    private static final int BELOW_VAULTS = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to look, for example the data folder of a server.")
    private Path folder;

    @Option(
            names = "--cold",
            paramLabel = "DIR",
            description = "The folder of cold storage, with ACCOUNT/REGION/NAME below it. Default: the folder cold"
                    + " beside the folder vaults.")
    private @Nullable Path cold;

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
            var vault = VaultFolder.toRead(path, coldOf(path));
            var contents = vault.contents();
            out.println(path);
            out.println("  vault id   " + vault.id());
            out.println("  opened by  " + String.join(", ", Set.copyOf(vault.keyIds())));
            out.println("  holds      " + contents.points() + " recovery points, " + contents.packs() + " packs, "
                    + contents.bytes() + " bytes");
            if (contents.coldPoints() > 0) {
                out.println("  cold       " + contents.coldPoints() + " of the recovery points, " + contents.coldPacks()
                        + " of the packs, " + contents.coldBytes() + " of the bytes");
            }
        }
        return 0;
    }

    /** The cold storage of a vault below the folder that was named, if it has one there. */
    private Optional<Path> coldOf(Path vault) {
        var path = vault.toAbsolutePath().normalize();
        int names = path.getNameCount();
        if (cold == null || names < BELOW_VAULTS) {
            return Optional.empty();
        }
        return Optional.of(cold.resolve(path.subpath(names - BELOW_VAULTS, names)))
                .filter(place -> Files.isRegularFile(place.resolve("format")));
    }
}
