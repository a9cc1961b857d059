package dev.coffer.server.config;

import dev.coffer.catalog.PostgresAddress;
import dev.coffer.core.arn.Region;
import dev.coffer.core.problem.Refused;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code catalog} and {@code storage}: what several nodes share. */
final class SharedReader {
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://[^/?@\\s]+/[^/?@\\s]+(\\?\\S*)?");
    private static final Pattern CREDENTIALS = Pattern.compile("[?&](user|password)=");

    private SharedReader() {}

    /** The shared catalog, if there is one. */
    static Optional<PostgresAddress> catalog(YamlObject root) {
        return root.object("catalog", Set.of("url", "user", "password")).map(object -> {
            var url = object.required("url");
            // The text is not repeated: it may hold a password.
            if (!URL.matcher(url).matches()) {
                throw object.error("url", "the url of a catalog has the form jdbc:postgresql://HOST[:PORT]/DATABASE");
            }
            if (CREDENTIALS.matcher(url).find()) {
                throw object.error("url", "user and password stand beside the url, under 'user' and 'password'");
            }
            return new PostgresAddress(url, object.required("user"), object.text("password"));
        });
    }

    /** Where the vaults are. */
    static Storage storage(YamlObject root, List<Region> regions) {
        Optional<Path> usual = Optional.empty();
        Map<Region, Path> folderByRegion = new HashMap<>();
        int number = 0;
        for (var node : root.list("storage")) {
            var object = root.element("storage[" + number + "]", node).allowing(Set.of("region", "path"));
            number++;
            var path = object.requiredPath("path");
            var name = object.text("region");
            if (name.isPresent()
                    ? folderByRegion.put(region(object, name.get(), regions), path) != null
                    : usual.isPresent()) {
                throw object.error("path", "the storage of a Region stands twice");
            }
            if (name.isEmpty()) {
                usual = Optional.of(path);
            }
        }
        return new Storage(usual, folderByRegion);
    }

    private static Region region(YamlObject object, String name, List<Region> regions) {
        try {
            var region = new Region(name);
            if (regions.contains(region)) {
                return region;
            }
        } catch (Refused wrong) {
            throw object.error("region", wrong.problem().message().replaceFirst("\\.$", ""));
        }
        throw object.error("region", "region " + name + " is not in 'regions'");
    }
}
