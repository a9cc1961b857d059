package dev.coffer.server.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The AWS shared credentials file in the data folder: one profile for the administrator of each account. The first account's profile is {@code coffer}, another one's is {@code coffer-NAME}. Existing profiles are kept as they are.
 */
public final class CredentialsFile {
    private final Path file;

    public CredentialsFile(Path file) {
        this.file = file;
    }

    /** A profile to write. The secret is shown nowhere else. */
    public record Profile(String name, String accessKeyId, String secretAccessKey, String region) {
        @Override
        public String toString() {
            return "Profile[" + name + " " + accessKeyId + "]";
        }
    }

    /** Adds the profiles whose names the file does not have, durable on return; the others stay as they are. */
    public void addMissing(List<Profile> profiles) {
        var sections = read();
        if (profiles.stream().allMatch(profile -> sections.containsKey(profile.name()))) {
            return;
        }
        for (var profile : profiles) {
            sections.putIfAbsent(
                    profile.name(),
                    "aws_access_key_id = " + profile.accessKeyId() + "\naws_secret_access_key = "
                            + profile.secretAccessKey() + "\nregion = " + profile.region() + "\n");
        }
        var text = new StringBuilder();
        sections.forEach((name, body) ->
                text.append('[').append(name).append("]\n").append(body).append('\n'));
        SecretFile.write(file, text.toString());
    }

    public Path path() {
        return file;
    }

    private Map<String, String> read() {
        var sections = new LinkedHashMap<String, String>();
        if (!Files.exists(file)) {
            return sections;
        }
        try {
            String name = "";
            for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                if (line.startsWith("[") && line.strip().endsWith("]")) {
                    name = line.strip().substring(1, line.strip().length() - 1);
                    sections.put(name, "");
                } else if (!line.isBlank() && !name.isEmpty()) {
                    sections.merge(name, line + "\n", String::concat);
                }
            }
            return sections;
        } catch (IOException unreadable) {
            throw new NodeException(
                    "the credentials file " + file + " cannot be read (" + unreadable + ").", unreadable);
        }
    }
}
