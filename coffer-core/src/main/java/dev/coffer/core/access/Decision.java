package dev.coffer.core.access;

import java.util.Optional;

/** What came of a request, and why. */
public sealed interface Decision {
    /** The sorts of policy, as AWS's messages call them. */
    enum Layer {
        IDENTITY("an identity-based policy", "no identity-based policy allows"),
        BOUNDARY("a permissions boundary", "no permissions boundary allows"),
        SESSION("a session policy", "no session policy allows"),
        RESOURCE("a resource-based policy", "no resource-based policy allows");

        private final String one;
        private final String none;

        Layer(String one, String none) {
            this.one = one;
            this.none = none;
        }
    }

    /** It may, because of a statement. */
    record Allowed(Layer layer, String policy, Optional<String> sid) implements Decision {}

    /** It may not, because of a statement, whatever others say. */
    record Forbidden(Layer layer, String policy, Optional<String> sid) implements Decision {}

    /** It may not, because this sort of policy would have to allow it and does not. */
    record NotAllowed(Layer layer) implements Decision {}

    /** It may not, because the resource belongs to another account, where this action cannot be allowed. */
    record OtherAccount() implements Decision {}

    /** Whether it may. */
    default boolean allowed() {
        return this instanceof Allowed;
    }

    /** AWS's message for a refusal. */
    default String message(AccessRequest request) {
        var begin = "User: " + request.subject().shown() + " is not authorized to perform: " + request.action()
                + " on resource: " + request.resource();
        return switch (this) {
            case Allowed _ -> "Allowed";
            case Forbidden(var layer, var _, var _) -> begin + " with an explicit deny in " + layer.one;
            case NotAllowed(var layer) -> begin + " because " + layer.none + " the " + request.action() + " action";
            case OtherAccount() -> begin + " because the resource belongs to another account";
        };
    }

    /** Why, for the one who writes policies: names the policy and the statement. */
    default String explanation() {
        return switch (this) {
            case Allowed(var layer, var policy, var sid) -> "Allowed by " + place(layer, policy, sid) + ".";
            case Forbidden(var layer, var policy, var sid) -> "Denied by " + place(layer, policy, sid) + ".";
            case NotAllowed(var layer) -> "Not allowed: " + layer.none + " it.";
            case OtherAccount() -> "Not allowed: the resource belongs to another account.";
        };
    }

    private static String place(Layer layer, String policy, Optional<String> sid) {
        return sid.map(name -> "statement " + name + " of ").orElse("a statement of ") + layer.one + ", " + policy;
    }
}
