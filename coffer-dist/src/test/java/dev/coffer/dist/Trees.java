package dev.coffer.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Makes and compares directory trees with the tools of the system, which know more kinds of names and files than Java does. */
final class Trees {
    private Trees() {}

    /** A tree with every kind of thing that the user can make: odd names, links, sparse files, times, FIFOs; as root also devices and attributes of all namespaces. */
    static void odd(Path tree) throws IOException, InterruptedException {
        Files.createDirectories(tree);
        sh(tree, """
                set -e
                mkdir -p deep/er/and/deeper 'with space' empty
                printf 'one' > deep/er/file
                printf 'two' > 'with space/and
                newline'
                printf 'three' > "$(printf 'not-utf8-\\377\\376')"
                printf 'four' > ./-rf
                printf 'five' > "$(printf 'x%.0s' $(seq 255))"
                printf 'six' > 'trailing.'
                printf 'nfc' > "$(printf 'caf\\303\\251')"
                printf 'nfd' > "$(printf 'cafe\\314\\201')"
                : > nothing
                ln -s deep/er link
                ln -s nowhere broken
                printf 'linked' > first
                ln first second
                ln first deep/third
                mkfifo pipe
                truncate -s 64M sparse
                printf 'middle' | dd of=sparse bs=1 seek=33554432 conv=notrunc 2>/dev/null
                chmod 4755 first
                chmod 0400 deep/er/file
                chmod 1777 'with space'
                touch -d '2001-02-03T04:05:06.123456789Z' deep/er/file
                touch -h -d '1999-12-31T23:59:59.987654321Z' link
                touch -d '2010-01-01T00:00:00.000000001Z' deep/er empty
                if command -v setfattr >/dev/null; then setfattr -n user.colour -v blue first; fi
                if command -v setfacl >/dev/null; then setfacl -m u:1:r 'with space'; fi
                if [ "$(id -u)" = 0 ]; then
                    mknod null c 1 3
                    mknod disk b 7 0
                    chown 1234:5678 trailing.
                    chown -h 1234:5678 link
                fi
                """);
    }

    /** Random bytes in files, as many and as large as asked for. */
    static void random(Path tree, int files, int bytesEach, long seed) throws IOException {
        Files.createDirectories(tree);
        var random = new Random(seed);
        var bytes = new byte[bytesEach];
        for (int i = 0; i < files; i++) {
            random.nextBytes(bytes);
            Files.write(tree.resolve("random-" + i), bytes);
        }
    }

    /** All that there is to say about a tree, in lines: names in octal where they are not text, kinds, modes, owners, sizes, blocks of sparse files, times, targets, shared inodes, digests, attributes. */
    static String listing(Path tree) throws IOException, InterruptedException {
        return sh(tree, """
                export LC_ALL=C
                find . -mindepth 1 -printf '%p|%y|%m|%U|%G|%l|%n|%T+|' \\( -type f -printf '%s|' , -true \\) -printf '\\0' | sort -z | od -An -c -w4096 -v | tr -d ' \\n'
                echo
                find . -type f -links +1 -printf '%i %p\\n' | sort | awk '{ if ($1 != last) { print ""; last = $1 } printf "%s ", $2 }' | sort
                echo
                find . -type f -print0 | sort -z | xargs -0 sha256sum -z | od -An -c -w4096 -v | tr -d ' \\n'
                echo
                if command -v getfattr >/dev/null; then find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex 2>/dev/null; fi
                if [ -e sparse ]; then echo "sparse blocks few: $(( $(stat -c %b sparse) < 1000 ))"; fi
                if [ -e null ]; then stat -c '%n %t %T' null disk; fi
                """);
    }

    /** Runs a script in a folder and returns what it prints. */
    static String sh(Path folder, String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException("the script failed: " + out);
        }
        return out;
    }
}
