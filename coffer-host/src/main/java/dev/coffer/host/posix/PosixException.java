package dev.coffer.host.posix;

import java.io.IOException;

/** The kernel refused a call. The message is the call and the errno name, for example {@code openat: EACCES}. */
public final class PosixException extends IOException {
    private final Errno errno;

    PosixException(String call, int code) {
        super(call + ": " + (Errno.of(code) == Errno.OTHER ? "errno " + code : Errno.of(code)));
        this.errno = Errno.of(code);
    }

    /** The exception that the call would raise for the reason; for faults that tests inject and for findings of our own. */
    public PosixException(String call, Errno errno) {
        super(call + ": " + errno);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
