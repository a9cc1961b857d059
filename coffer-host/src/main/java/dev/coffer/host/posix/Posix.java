package dev.coffer.host.posix;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/**
 * The kernel's file calls that a backup of a tree needs. Names are bytes. Everything is named by an open folder and one name in it, and no call follows a symbolic link in that place (only {@link #openRoot} does), so nobody who changes the tree meanwhile can lead a caller out of it. An interface, so that tests can put faults in front of the real one.
 *
 * <p>Calls block in the kernel and do not react to interruption; they are made from platform threads.
 */
public interface Posix {
    /** What reads and writes past the page cache are aligned to: no disk has larger blocks. */
    int BLOCK = 4096;

    /** Opens the folder at an absolute path, following symbolic links: the path comes from the configuration. */
    int openRoot(byte[] path) throws PosixException;

    /** Opens the folder with the name. ENOTDIR or ELOOP if it is something else. */
    int openFolder(int folder, byte[] name) throws PosixException;

    /** Opens a file to read, without waiting for a FIFO's other end and, where the owner may, without a change of its access time. ELOOP for a symbolic link. */
    int openToRead(int folder, byte[] name) throws PosixException;

    /** Creates a file to write; EEXIST if there is anything at the name. */
    int create(int folder, byte[] name, int permissions) throws PosixException;

    /** A handle on whatever is at the name, for the calls on metadata alone; opens no device and follows no link. */
    int openHandle(int folder, byte[] name) throws PosixException;

    void close(int fd);

    Stat stat(int fd) throws PosixException;

    /** The inode at the name itself; does not trigger an automount. */
    Stat statAt(int folder, byte[] name) throws PosixException;

    /** The next entries of the folder, in no order, without {@code .} and {@code ..}; empty at the end. Goes on where the last call on this descriptor has ended. */
    List<FolderEntry> entries(int folder) throws PosixException;

    /** The target of a symbolic link. */
    byte[] readLink(int folder, byte[] name) throws PosixException;

    void makeFolder(int folder, byte[] name, int permissions) throws PosixException;

    void makeSymlink(int folder, byte[] name, byte[] target) throws PosixException;

    /** Makes a FIFO, device or socket node with no permission bits. */
    void makeNode(int folder, byte[] name, Stat.Type type, long rdev) throws PosixException;

    /** Gives the inode at a name a second name. */
    void link(int folder, byte[] name, int newFolder, byte[] newName) throws PosixException;

    /** Moves a name within a folder; EEXIST if there is anything at the new one and it may not be replaced. */
    void rename(int folder, byte[] name, byte[] newName, boolean replace) throws PosixException;

    /** Removes a name that is not a folder. */
    void unlink(int folder, byte[] name) throws PosixException;

    void chmod(int fd, int permissions) throws PosixException;

    void chown(int fd, int uid, int gid) throws PosixException;

    /** Sets the modification time; leaves the access time. */
    void setModified(int fd, Stat.Time time) throws PosixException;

    /** Names of the extended attributes at the name that the caller may see; none where the file system knows no such thing. */
    List<byte[]> attributeNames(int folder, byte[] name) throws PosixException;

    byte[] attribute(int folder, byte[] name, byte[] attribute) throws PosixException;

    void setAttribute(int fd, byte[] attribute, byte[] value) throws PosixException;

    /** Removes an extended attribute; absent counts as done. */
    void removeAttribute(int fd, byte[] attribute) throws PosixException;

    /**
     * Has reads and writes of the file go past the page cache, if its file system is known to do that well: a disk's own one. So a large file takes less of the processor, and nobody else's pages leave the memory for it. From then on
     * the address, offset and size of each are multiples of {@link #BLOCK}, or it fails with EINVAL, and what was written is not durable before {@link #sync} all the same.
     *
     * @return whether they do
     */
    boolean goPastCache(int fd) throws PosixException;

    /** Has reads and writes of the file go through the page cache again. */
    void goThroughCache(int fd) throws PosixException;

    /** Reads into the buffer from the file's offset and returns how many bytes came, which may be fewer than it has room for; 0 at the end. */
    int read(int fd, ByteBuffer direct, long offset) throws PosixException;

    /** Writes all remaining bytes of a direct buffer at the file's offset. */
    void write(int fd, ByteBuffer direct, long offset) throws PosixException;

    /** Where data begins at or after the offset; empty if only a hole follows. EINVAL where the file system cannot tell. */
    OptionalLong nextData(int fd, long offset) throws PosixException;

    /** Where the next hole begins at or after the offset; the end of the file counts as one. */
    long nextHole(int fd, long offset) throws PosixException;

    void truncate(int fd, long size) throws PosixException;

    /** Has the kernel begin to write part of a file to the disk, and does not wait for it. Nothing is durable on return, and nothing fails. */
    void startWriting(int fd, long offset, long length);

    void sync(int fd) throws PosixException;

    /** Makes all of the file system durable that holds the descriptor. */
    void syncFileSystem(int fd) throws PosixException;

    /** Bytes in use on the file system that holds the descriptor. */
    long usedBytes(int fd) throws PosixException;

    /** The effective user of the process; 0 is root. */
    int effectiveUser();
}
