package dev.coffer.catalog.access;

import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.problem.Refused;

/** Reads policies that were read before they were stored. */
public final class StoredPolicies {
    private static final PolicyReader READER = new PolicyReader(new JacksonPolicyJson());

    private StoredPolicies() {}

    /** The policy of the text; one that cannot be read is damage, and not the fault of who asks. */
    public static PolicyDocument of(PolicyKind kind, String text) {
        try {
            return READER.read(kind, text);
        } catch (Refused damaged) {
            throw new IllegalStateException("The catalog holds a policy that is none.", damaged);
        }
    }
}
