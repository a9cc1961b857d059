package dev.coffer.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up logging for the process. Standard output stays free for results; log lines go to standard error, or to a file. */
public final class Logging {
    private Logging() {}

    /** Logs nothing: for commands that say themselves what there is to say. */
    public static void off() {
        var context = context();
        context.reset();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }

    private static LoggerContext context() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("another logging library than Logback is on the class path");
        }
        return context;
    }

    /** Sends all log lines from now on to the file, or to standard error. */
    public static void start(String node, String version, Optional<Path> file) {
        var context = context();
        context.reset();
        var encoder = new LogLineEncoder(node, version);
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = file.<OutputStreamAppender<ILoggingEvent>>map(path -> {
                    var toFile = new FileAppender<ILoggingEvent>();
                    toFile.setFile(path.toString());
                    return toFile;
                })
                .orElseGet(() -> {
                    var toConsole = new ConsoleAppender<ILoggingEvent>();
                    toConsole.setTarget("System.err");
                    return toConsole;
                });
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("dev.coffer").setLevel(Level.INFO);
        // The SDK logs canonical requests at debug level, and jOOQ statements with their values.
        context.getLogger("software.amazon").setLevel(Level.WARN);
        context.getLogger("org.jooq").setLevel(Level.WARN);
    }
}
