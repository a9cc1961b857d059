package dev.coffer.bench.control;

import dev.coffer.server.log.Logging;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Measures the control plane with a real server and catalog on disk, in this process. Prints tables for the page on performance.
 *
 * <p>Arguments: {@code due FOLDER [RESOURCES]} or {@code fill|pages FOLDER [POINTS]}. A folder that was filled can be measured again and again.
 */
public final class ControlPlane {
    private ControlPlane() {}

    public static void main(String[] arguments) throws Exception {
        Logging.start("bench", "bench", Optional.empty());
        var folder = Files.createDirectories(Path.of(arguments[1])).toAbsolutePath();
        int number = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        switch (arguments[0]) {
            case "due" -> DueMinute.run(folder, number == 0 ? 10_000 : number);
            case "fill" -> Fill.run(folder, number == 0 ? 1_000_000 : number);
            case "pages" -> Pages.run(folder);
            default -> throw new IllegalArgumentException("due, fill or pages, and not " + arguments[0]);
        }
    }
}
