package dev.coffer.host.posix;

/**
 * The open(2) flags; some of them differ between processors.
 *
 * @param direct past the page cache
 * @param directory refuse what is not a folder
 * @param noFollow refuse a symbolic link
 */
record OpenFlags(int direct, int directory, int noFollow) {
    static final int WRITE_ONLY = 1;
    static final int CREATE = 0x40;
    static final int EXCLUSIVE = 0x80;
    static final int NOCTTY = 0x100;
    static final int NONBLOCK = 0x800;
    static final int NOATIME = 0x40000;
    static final int CLOEXEC = 0x80000;
    static final int PATH = 0x200000;

    static OpenFlags ofThisMachine() {
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        return arm ? new OpenFlags(0x10000, 0x4000, 0x8000) : new OpenFlags(0x4000, 0x10000, 0x20000);
    }
}
