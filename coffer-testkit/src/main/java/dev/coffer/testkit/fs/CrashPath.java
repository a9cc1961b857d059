package dev.coffer.testkit.fs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names with slashes between them. The empty path has one name, which is empty. */
final class CrashPath implements Path {
    private final CrashFileSystem system;
    private final boolean absolute;
    private final List<String> names;

    private CrashPath(CrashFileSystem system, boolean absolute, List<String> names) {
        this.system = system;
        this.absolute = absolute;
        this.names = !absolute && names.isEmpty() ? List.of("") : List.copyOf(names);
    }

    static CrashPath parse(CrashFileSystem system, String text) {
        var names =
                Arrays.stream(text.split("/")).filter(name -> !name.isEmpty()).toList();
        return new CrashPath(system, text.startsWith("/"), names);
    }

    static CrashPath of(Path path) {
        if (path instanceof CrashPath ours) {
            return ours;
        }
        throw new ProviderMismatchException(path + " belongs to another file system");
    }

    private CrashPath with(boolean fromRoot, List<String> some) {
        return new CrashPath(system, fromRoot, some);
    }

    private boolean isEmpty() {
        return !absolute && names.equals(List.of(""));
    }

    CrashPath child(String name) {
        return (CrashPath) resolve(name);
    }

    List<String> absoluteNames() {
        return ((CrashPath) toAbsolutePath().normalize()).names;
    }

    /** The last name. */
    String name() {
        return absoluteNames().getLast();
    }

    /** The folder that this is in; empty for the root. */
    Optional<CrashPath> above() {
        var all = absoluteNames();
        return all.isEmpty() ? Optional.empty() : Optional.of(with(true, all.subList(0, all.size() - 1)));
    }

    @Override
    public CrashFileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : with(false, List.of(names.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !absolute)) {
            return null;
        }
        return with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return with(false, List.of(names.get(index)));
    }

    @Override
    public Path subpath(int begin, int end) {
        if (begin >= end) {
            throw new IllegalArgumentException("an empty part of a path");
        }
        return with(false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof CrashPath path
                && path.system.equals(system)
                && path.absolute == absolute
                && path.names.size() <= names.size()
                && names.subList(0, path.names.size()).equals(path.names);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof CrashPath path) || path.names.size() > names.size()) {
            return false;
        }
        return path.absolute
                ? equals(path)
                : names.subList(names.size() - path.names.size(), names.size()).equals(path.names);
    }

    @Override
    public Path normalize() {
        var kept = new ArrayList<String>();
        for (var name : names) {
            if (name.equals("..") && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".") && !(name.equals("..") && absolute)) {
                kept.add(name);
            }
        }
        return with(absolute, kept);
    }

    @Override
    public Path resolve(Path other) {
        var path = of(other);
        if (path.absolute || isEmpty()) {
            return path;
        }
        if (path.isEmpty()) {
            return this;
        }
        var all = new ArrayList<>(names);
        all.addAll(path.names);
        return with(absolute, all);
    }

    @Override
    public Path relativize(Path other) {
        var path = of(other);
        if (path.absolute != absolute) {
            throw new IllegalArgumentException("one path is absolute, the other is not");
        }
        if (isEmpty()) {
            return path;
        }
        int same = 0;
        while (same < names.size()
                && same < path.names.size()
                && names.get(same).equals(path.names.get(same))) {
            same++;
        }
        var way = new ArrayList<String>();
        for (int up = same; up < names.size(); up++) {
            way.add("..");
        }
        if (!path.isEmpty()) {
            way.addAll(path.names.subList(same, path.names.size()));
        }
        return with(false, way);
    }

    @Override
    public URI toUri() {
        return URI.create(CrashProvider.SCHEME + "://" + toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : with(true, isEmpty() ? List.of() : names);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        var real = toAbsolutePath().normalize();
        var _ = system.tree().attributes(of(real));
        return real;
    }

    @Override
    public WatchKey register(
            WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.@Nullable Modifier... modifiers) {
        throw new UnsupportedOperationException("nothing is watched here");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(of(other).toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CrashPath path
                && path.system.equals(system)
                && path.absolute == absolute
                && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }
}
