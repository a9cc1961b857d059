package dev.coffer.host.efs;

import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.Posix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** The real calls with something that happens before one of them, or instead of it. */
final class HookedPosix {
    private HookedPosix() {}

    /** The call as it is. */
    interface Real {
        Object proceed() throws Exception;
    }

    /** What is done for a call. */
    interface Hook {
        Object call(String name, Object[] arguments, Real real) throws Exception;
    }

    static Posix of(Hook hook) {
        var linux = new LinuxPosix();
        return (Posix) Proxy.newProxyInstance(
                HookedPosix.class.getClassLoader(), new Class<?>[] {Posix.class}, (_, method, arguments) -> {
                    var given = arguments == null ? new Object[0] : arguments;
                    return hook.call(method.getName(), given, () -> {
                        try {
                            return method.invoke(linux, given);
                        } catch (InvocationTargetException failure) {
                            if (failure.getCause() instanceof Exception cause) {
                                throw cause;
                            }
                            throw failure;
                        }
                    });
                });
    }

    /** Whether the call is about a name in a folder, and the name is this one. */
    static boolean isNamed(Object[] arguments, String name) {
        return arguments.length > 1 && arguments[1] instanceof byte[] given && Arrays.equals(given, Tree.bytes(name));
    }
}
