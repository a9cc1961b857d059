package dev.coffer.testkit.fs;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Set;

/** The attributes of a file or folder. */
record NodeAttributes(long id, boolean folder, long size, Instant modified, Set<PosixFilePermission> permissions)
        implements PosixFileAttributes {
    private record Owner(String getName) implements GroupPrincipal {
        @Override
        public String getName() {
            return getName;
        }
    }

    @Override
    public UserPrincipal owner() {
        return new Owner("owner");
    }

    @Override
    public GroupPrincipal group() {
        return new Owner("group");
    }

    @Override
    public FileTime lastModifiedTime() {
        return FileTime.from(modified);
    }

    @Override
    public FileTime lastAccessTime() {
        return lastModifiedTime();
    }

    @Override
    public FileTime creationTime() {
        return lastModifiedTime();
    }

    @Override
    public boolean isRegularFile() {
        return !folder;
    }

    @Override
    public boolean isDirectory() {
        return folder;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public Object fileKey() {
        return id;
    }
}
