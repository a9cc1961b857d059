package dev.coffer.keys.token;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.coffer.core.key.KeyServiceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the slot of a token by its label, which the JDK's provider cannot: slot numbers change when tokens are made or readers are plugged in. Calls the few functions of the library that list
 * slots (PKCS#11 2.40, section 5.5). Structures are those of 64-bit Linux, where {@code CK_ULONG} has 8 bytes.
 */
final class TokenSlots {
    private static final long OK = 0;
    private static final long TOKEN_NOT_PRESENT = 0xE0;
    private static final long TOKEN_NOT_RECOGNIZED = 0xE1;
    private static final long ALREADY_INITIALIZED = 0x191;
    private static final long TOKEN_INITIALIZED_FLAG = 0x400;
    private static final long OS_LOCKING_OK = 2;

    /** CK_FUNCTION_LIST is a version of 2 bytes, padded to 8, and pointers in the order of the standard. */
    private static final int INITIALIZE = 0;

    private static final int GET_SLOT_LIST = 4;
    private static final int GET_TOKEN_INFO = 6;
    private static final int FUNCTIONS = 7;

    /** CK_TOKEN_INFO: label[32], manufacturer[32], model[16], serial[16], flags, and 100 bytes and more that are of no interest here. */
    private static final int TOKEN_INFO_BYTES = 512;

    private static final int LABEL_BYTES = 32;
    private static final long FLAGS_AT = 96;
    private static final int MOST_SLOTS = 4096;

    private final Path library;
    private final MemorySegment functions;

    private TokenSlots(Path library, MemorySegment functions) {
        this.library = library;
        this.functions = functions;
    }

    /**
     * The slot whose token has the label.
     *
     * @throws KeyServiceException if the library cannot be loaded, or there is not exactly one such token
     */
    static long slotOf(Path library, String label) {
        if (!Files.isRegularFile(library)) {
            throw new KeyServiceException(
                    "the PKCS#11 library " + library
                            + " does not exist. Install the token's software, or correct 'library'.",
                    false);
        }
        try (var arena = Arena.ofConfined()) {
            return open(library, arena).find(label, arena);
        }
    }

    private static TokenSlots open(Path library, Arena arena) {
        MemorySegment getFunctionList;
        try {
            // Never unloaded: the JDK's provider goes on with what is initialized here.
            getFunctionList = SymbolLookup.libraryLookup(library, Arena.global())
                    .find("C_GetFunctionList")
                    .orElseThrow(() -> new KeyServiceException(
                            library + " is no PKCS#11 library: it has no C_GetFunctionList. Correct 'library'.",
                            false));
        } catch (IllegalArgumentException notLoadable) {
            throw new KeyServiceException(
                    "the PKCS#11 library " + library
                            + " cannot be loaded. Check that it is one for this machine, and what `ldd` says of it.",
                    false,
                    notLoadable);
        }
        var pointer = arena.allocate(ADDRESS);
        var call = Linker.nativeLinker().downcallHandle(getFunctionList, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        check(library, "C_GetFunctionList", call(() -> (long) call.invokeExact(pointer)));
        var functions = pointer.get(ADDRESS, 0).reinterpret(ADDRESS.byteSize() * (1 + FUNCTIONS));
        var slots = new TokenSlots(library, functions);
        slots.initialize(arena);
        return slots;
    }

    private MethodHandle function(int number, FunctionDescriptor descriptor) {
        return Linker.nativeLinker()
                .downcallHandle(functions.get(ADDRESS, ADDRESS.byteSize() * (1 + number)), descriptor);
    }

    private void initialize(Arena arena) {
        // CK_C_INITIALIZE_ARGS: four functions for locks, which the operating system's replace, the flags, and a
        // reserved pointer.
        var arguments = arena.allocate(MemoryLayout.sequenceLayout(6, JAVA_LONG));
        arguments.setAtIndex(JAVA_LONG, 4, OS_LOCKING_OK);
        var initialize = function(INITIALIZE, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        long result = call(() -> (long) initialize.invokeExact(arguments));
        if (result != ALREADY_INITIALIZED) {
            check(library, "C_Initialize", result);
        }
    }

    private long find(String label, Arena arena) {
        var found = new ArrayList<Long>();
        var labels = new ArrayList<String>();
        for (long slot : slots(arena)) {
            var info = arena.allocate(TOKEN_INFO_BYTES, Long.BYTES);
            var tokenInfo = function(GET_TOKEN_INFO, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS));
            long result = call(() -> (long) tokenInfo.invokeExact(slot, info));
            if (result == TOKEN_NOT_PRESENT || result == TOKEN_NOT_RECOGNIZED) {
                continue;
            }
            check(library, "C_GetTokenInfo", result);
            if ((info.get(JAVA_LONG, FLAGS_AT) & TOKEN_INITIALIZED_FLAG) == 0) {
                continue;
            }
            var bytes = info.asSlice(0, LABEL_BYTES).toArray(JAVA_BYTE);
            // Labels are padded with blanks.
            var text = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
            labels.add(text);
            if (text.equals(label)) {
                found.add(slot);
            }
        }
        if (found.isEmpty()) {
            throw new KeyServiceException(
                    "there is no token '" + label + "' behind " + library
                            + (labels.isEmpty() ? ", nor any other" : "; there are: " + String.join(", ", labels))
                            + ". Plug it in or initialize it, or correct 'token'.",
                    true);
        }
        if (found.size() > 1) {
            throw new KeyServiceException(
                    "there are " + found.size() + " tokens '" + label + "' behind " + library + ", in slots " + found
                            + ". Give them different labels, or take one away.",
                    false);
        }
        return found.getFirst();
    }

    private List<Long> slots(Arena arena) {
        var list = function(GET_SLOT_LIST, FunctionDescriptor.of(JAVA_LONG, JAVA_BYTE, ADDRESS, ADDRESS));
        var count = arena.allocate(JAVA_LONG);
        var slots = arena.allocate(JAVA_LONG, MOST_SLOTS);
        count.set(JAVA_LONG, 0, MOST_SLOTS);
        check(library, "C_GetSlotList", call(() -> (long) list.invokeExact((byte) 1, slots, count)));
        var result = new ArrayList<Long>();
        for (long i = 0; i < Math.min(MOST_SLOTS, count.get(JAVA_LONG, 0)); i++) {
            result.add(slots.getAtIndex(JAVA_LONG, i));
        }
        return result;
    }

    private static void check(Path library, String function, long result) {
        if (result != OK) {
            throw new KeyServiceException(
                    "the PKCS#11 library " + library + " failed in " + function + " with 0x" + Long.toHexString(result)
                            + ". Check the token, its software and the library's own configuration.",
                    true);
        }
    }

    private interface Downcall {
        long run() throws Throwable;
    }

    private static long call(Downcall downcall) {
        try {
            return downcall.run();
        } catch (RuntimeException | Error passed) {
            throw passed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
