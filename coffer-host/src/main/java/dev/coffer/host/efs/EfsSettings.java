package dev.coffer.host.efs;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Source;
import java.util.Locale;

/**
 * The settings of a source.
 *
 * @param path the tree, absolute
 * @param crossMounts whether file systems that are mounted inside the tree belong to it
 * @param mounted whether the path has to be a mount point, so that a missing mount is not taken for an empty tree
 */
record EfsSettings(String path, boolean crossMounts, boolean mounted) {
    static EfsSettings of(Source source) {
        var path = source.settings().getOrDefault("path", "");
        if (!path.startsWith("/")) {
            throw new SourceException.Impossible("The path of " + source.arn()
                    + " is not absolute. Set `path` of the source to the folder that holds the file system.");
        }
        return new EfsSettings(path, flag(source, "crossMounts"), flag(source, "mounted"));
    }

    private static boolean flag(Source source, String name) {
        var value = source.settings().getOrDefault(name, "false").toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new SourceException.Impossible(
                        "The setting " + name + " of " + source.arn() + " is true or false.");
        };
    }
}
