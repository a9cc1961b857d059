package dev.coffer.cli.rescue;

import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.StoreException;
import dev.coffer.keys.escrow.EscrowException;
import dev.coffer.keys.escrow.EscrowFile;
import dev.coffer.keys.passphrase.Passphrase;
import dev.coffer.keys.passphrase.PassphraseKey;
import dev.coffer.keys.passphrase.PassphraseSeal;
import dev.coffer.keys.secret.Secret;
import dev.coffer.keys.secret.UnusableSecret;
import dev.coffer.repository.VaultFolder;
import dev.coffer.repository.key.BrokenKeyFile;
import dev.coffer.repository.key.LocalKeyFile;
import dev.coffer.server.config.ConfigException;
import dev.coffer.server.config.ConfigReader;
import dev.coffer.server.key.ConfiguredKeys;
import dev.coffer.server.node.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a vault is opened, and the vault. Its local index lies in a temporary folder, which goes at the end. */
final class OpenedVault implements AutoCloseable {
    private static final String PASSPHRASE = "passphrase:";

    @Option(
            names = "--vault",
            paramLabel = "DIR",
            required = true,
            description = "The folder of the vault: the one with the file 'format'. `coffer rescue scan` finds them.")
    private Path folder;

    @Option(
            names = "--cold",
            paramLabel = "DIR",
            description = "The folder of the vault's cold storage: the one with packs/ and a copy of the file 'format'."
                    + " Default: DATA/cold/ACCOUNT/REGION/NAME for a vault in DATA/vaults/ACCOUNT/REGION/NAME.")
    private @Nullable Path cold;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The key file (coffer.key), or the folder that holds it.")
    private @Nullable Path key;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration of the server (coffer.yaml), which names the key: for a vault whose key is in"
                            + " a key service or on a token. Its key file is looked for in keys/ beside it, or where --key says.")
    private @Nullable Path config;

    @Option(
            names = "--escrow",
            paramLabel = "FILE",
            description = "An escrow file of the vault, instead of its key. Goes with --passphrase-file.")
    private @Nullable Path escrow;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "The file with the passphrase of the escrow file, or of a vault whose key is a passphrase.")
    private @Nullable Path passphrase;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where the local index is kept, so that the next command starts at once. Default: nowhere.")
    private @Nullable Path cache;

    private Optional<Path> temporary = Optional.empty();
    private Optional<Repository> repository = Optional.empty();

    Path folder() {
        return folder;
    }

    boolean hasKey() {
        return key != null || passphrase != null || config != null;
    }

    VaultFolder found(boolean repair) throws InterruptedException {
        try {
            return repair
                    ? VaultFolder.toRepair(folder, Optional.ofNullable(cold), new SecureRandom())
                    : VaultFolder.toRead(folder, Optional.ofNullable(cold));
        } catch (StoreException.Unavailable notThere) {
            throw new RescueException(RescueException.FAILED, String.valueOf(notThere.getMessage()));
        } catch (RepositoryException.NotFound none) {
            throw new RescueException(
                    RescueException.FAILED,
                    folder + " holds no vault. Give the folder with the file 'format'; `coffer rescue scan DIR` finds"
                            + " the vaults below a folder.");
        }
    }

    /** Opens the vault to read from it. */
    Repository open() throws IOException, InterruptedException {
        return open(found(false));
    }

    Repository open(VaultFolder vault) throws IOException, InterruptedException {
        var random = new SecureRandom();
        var dataKey = dataKey(vault);
        try {
            var opened = vault.open(dataKey, cacheFolder(), random);
            repository = Optional.of(opened);
            return opened;
        } catch (WrongKey wrong) {
            throw new RescueException(RescueException.WRONG_KEY, String.valueOf(wrong.getMessage()));
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /** The vault's data key, from whatever was given. The caller clears it. */
    byte[] dataKey(VaultFolder vault) throws IOException, InterruptedException {
        var random = new SecureRandom();
        try {
            if (escrow != null) {
                return EscrowFile.read(escrow)
                        .open(seal(passphrase, random), vault.id().toString(), vault.context());
            }
            if (config != null) {
                return dataKey(vault, config, random);
            }
            if (key != null) {
                return vault.dataKey(LocalKeyFile.open(folderOf(key), random));
            }
            var ids = vault.keyIds();
            var phrase = ids.stream().filter(id -> id.startsWith(PASSPHRASE)).findFirst();
            if (passphrase == null || phrase.isEmpty()) {
                throw new RescueException(
                        RescueException.WRONG_KEY,
                        "the vault is wrapped by key " + String.join(" or ", ids)
                                + ". Give its key file with --key, the configuration that names the key with --config, or"
                                + " an escrow file with --escrow and --passphrase-file.");
            }
            var name = phrase.get().substring(PASSPHRASE.length());
            return vault.dataKey(new PassphraseKey(name, seal(passphrase, random)));
        } catch (WrongKey | BrokenKeyFile | EscrowException | UnusableSecret | KeyServiceException wrong) {
            throw new RescueException(RescueException.WRONG_KEY, String.valueOf(wrong.getMessage()));
        }
    }

    /** By the keys that the configuration names. */
    private byte[] dataKey(VaultFolder vault, Path file, SecureRandom random) throws InterruptedException {
        Function<String, Optional<String>> environment = name -> Optional.ofNullable(System.getenv(name));
        var keyFolder = key != null ? folderOf(key) : file.resolveSibling("keys");
        try (var keys = ConfiguredKeys.of(keyFolder, List.of(), random, environment)) {
            return vault.dataKey(keys.openExisting(new ConfigReader(environment).read(file)));
        } catch (ConfigException | NodeException unusable) {
            throw new RescueException(RescueException.WRONG_KEY, String.valueOf(unusable.getMessage()));
        }
    }

    private static Path folderOf(Path keyFile) {
        return Files.isDirectory(keyFile)
                ? keyFile
                : Optional.ofNullable(keyFile.toAbsolutePath().getParent()).orElse(keyFile);
    }

    static PassphraseSeal seal(@Nullable Path file, SecureRandom random) {
        if (file == null) {
            throw new RescueException(
                    RescueException.WRONG_KEY, "the passphrase is missing. Give the file that holds it.");
        }
        return new PassphraseSeal(new Passphrase(Secret.ofFile(file)), random);
    }

    private Path cacheFolder() throws IOException {
        if (cache != null) {
            return cache;
        }
        var made = Files.createTempDirectory("coffer-rescue-");
        temporary = Optional.of(made);
        return made;
    }

    /** The point that the words name: its id, the end of its ARN, or "latest". */
    static Manifest point(Repository repository, String words) throws InterruptedException {
        var all = new ArrayList<Manifest>();
        try {
            repository.points(all::add);
        } catch (RepositoryException.Corrupt some) {
            // The damaged ones are not among those to choose from.
        }
        var found = all.stream()
                .filter(manifest -> manifest.id().value().equals(words)
                        || manifest.point().recoveryPointArn().equals(words)
                        || manifest.point().recoveryPointArn().endsWith(":" + words))
                .toList();
        if (words.equals("latest")) {
            found = all.stream()
                    .sorted((one, other) ->
                            other.point().createdAt().compareTo(one.point().createdAt()))
                    .limit(1)
                    .toList();
        }
        if (found.isEmpty()) {
            throw new RescueException(
                    RescueException.FAILED,
                    "there is no recovery point '" + words + "' in this vault. `coffer rescue list` shows them.");
        }
        return found.getFirst();
    }

    static SessionId id(Repository repository, String words) throws InterruptedException {
        return point(repository, words).id();
    }

    /** The item at a path as people write it. */
    static Item item(RecoveryPointReader point, String path) throws InterruptedException {
        return point.find(path(path))
                .orElseThrow(() -> new RescueException(
                        RescueException.FAILED, "there is no item " + path + " in the recovery point."));
    }

    static ItemPath path(String text) {
        var bare = text.replaceAll("^/+", "").replaceAll("/+$", "");
        try {
            return ItemPath.of(bare);
        } catch (IllegalArgumentException wrong) {
            throw new RescueException(
                    RescueException.FAILED, "'" + text + "' is no path in a recovery point: " + wrong.getMessage());
        }
    }

    @Override
    public void close() {
        repository.ifPresent(Repository::close);
        temporary.ifPresent(OpenedVault::remove);
    }

    private static void remove(Path folder) {
        try {
            List<Path> all;
            try (var found = Files.walk(folder)) {
                all = found.toList();
            }
            for (var path : all.reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException stays) {
            // A cache in the folder for temporary files: whoever cleans that up takes it.
            return;
        }
    }
}
