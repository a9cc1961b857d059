package dev.coffer.host.posix;

/** Why the kernel refused a call, by its name in errno(3). The codes are those of Linux on x86-64 and AArch64. */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENFILE(23),
    EMFILE(24),
    ETXTBSY(26),
    EFBIG(27),
    ENOSPC(28),
    ESPIPE(29),
    EROFS(30),
    EMLINK(31),
    ERANGE(34),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    EPROTO(71),
    EOVERFLOW(75),
    EOPNOTSUPP(95),
    ENOTCONN(107),
    ETIMEDOUT(110),
    EHOSTDOWN(112),
    EHOSTUNREACH(113),
    ESTALE(116),
    EREMOTEIO(121),
    EDQUOT(122),
    /** A code without a name here; the exception's message has the number. */
    OTHER(0);

    private final int code;

    Errno(int code) {
        this.code = code;
    }

    static Errno of(int code) {
        for (var errno : values()) {
            if (errno.code == code && errno != OTHER) {
                return errno;
            }
        }
        return OTHER;
    }
}
