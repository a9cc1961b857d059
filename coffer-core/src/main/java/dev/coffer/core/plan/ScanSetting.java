package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;
import java.util.List;

/**
 * How a plan searches for malware.
 *
 * @param scanner AWS's name of it
 * @param resourceTypes names of types, or {@code ALL}
 */
public record ScanSetting(String scanner, List<String> resourceTypes, Arn scannerRole) {
    public ScanSetting {
        resourceTypes = List.copyOf(resourceTypes);
    }
}
