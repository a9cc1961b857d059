package dev.coffer.server.config;

/** The configuration cannot be used. The message says where (file, line, column), what, and what would be right. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
