package dev.coffer.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares two trees: which things there are, of what kind, their content, owner, mode, time, link target, shared names and extended attributes. */
final class TreeComparison {
    private static final int SHOWN = 20;

    private final Path left;
    private final Path right;
    private final List<String> differences = new ArrayList<>();
    private long things;

    TreeComparison(Path left, Path right) {
        this.left = left;
        this.right = right;
    }

    /** How many things were compared. */
    long things() {
        return things;
    }

    /** The differences, the first of them named; empty when the trees are equal. */
    List<String> run() throws IOException {
        var leftThings = list(left);
        var rightThings = list(right);
        for (var path : leftThings.keySet()) {
            if (!rightThings.containsKey(path)) {
                differ(path, "is missing");
            }
        }
        for (var path : rightThings.keySet()) {
            if (!leftThings.containsKey(path)) {
                differ(path, "was not there before");
            }
        }
        var leftNames = new HashMap<Object, String>();
        var rightNames = new HashMap<Object, String>();
        for (var entry : leftThings.entrySet()) {
            var other = rightThings.get(entry.getKey());
            if (other != null) {
                things++;
                compare(entry.getKey(), entry.getValue(), other, leftNames, rightNames);
            }
        }
        return List.copyOf(differences);
    }

    private static Map<String, Path> list(Path root) throws IOException {
        var things = new TreeMap<String, Path>();
        try (Stream<Path> walk = Files.walk(root)) {
            walk.forEach(path -> things.put(root.relativize(path).toString(), path));
        }
        return things;
    }

    private void compare(
            String name, Path one, Path other, Map<Object, String> leftNames, Map<Object, String> rightNames)
            throws IOException {
        var expected = Files.readAttributes(
                one, "unix:mode,uid,gid,size,lastModifiedTime,nlink,ino", LinkOption.NOFOLLOW_LINKS);
        var found = Files.readAttributes(
                other, "unix:mode,uid,gid,size,lastModifiedTime,nlink,ino", LinkOption.NOFOLLOW_LINKS);
        for (var attribute : List.of("mode", "uid", "gid", "lastModifiedTime")) {
            if (!Objects.equals(expected.get(attribute), found.get(attribute))) {
                differ(
                        name,
                        "has " + attribute + " " + found.get(attribute) + " instead of " + expected.get(attribute));
            }
        }
        if (Files.isSymbolicLink(one)) {
            if (!Files.readSymbolicLink(one).equals(Files.readSymbolicLink(other))) {
                differ(name, "points elsewhere");
            }
            return;
        }
        if (Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS)) {
            if (!Objects.equals(expected.get("nlink"), found.get("nlink"))) {
                differ(name, "has another number of names");
            }
            var leftFirst = Optional.ofNullable(leftNames.putIfAbsent(expected.get("ino"), name));
            var rightFirst = Optional.ofNullable(rightNames.putIfAbsent(found.get("ino"), name));
            if (!leftFirst.equals(rightFirst)) {
                differ(name, "shares its content with another name");
            }
            if (Files.mismatch(one, other) >= 0) {
                differ(name, "has another content");
            }
        }
        compareAttributes(name, one, other);
    }

    private void compareAttributes(String name, Path one, Path other) throws IOException {
        var expected = Files.getFileAttributeView(one, UserDefinedFileAttributeView.class);
        var found = Files.getFileAttributeView(other, UserDefinedFileAttributeView.class);
        if (expected == null || found == null || !expected.list().equals(found.list())) {
            if (expected != null && found != null) {
                differ(name, "has other extended attributes");
            }
            return;
        }
        for (var attribute : expected.list()) {
            if (!value(expected, attribute).equals(value(found, attribute))) {
                differ(name, "has another value of " + attribute);
            }
        }
    }

    private static ByteBuffer value(UserDefinedFileAttributeView view, String attribute) throws IOException {
        var value = ByteBuffer.allocate(view.size(attribute));
        view.read(attribute, value);
        return value.flip();
    }

    private void differ(String name, String how) {
        if (differences.size() < SHOWN) {
            differences.add((name.isEmpty() ? "the top folder" : "'" + name.replace("\n", "\\n") + "'") + " " + how);
        }
    }
}
