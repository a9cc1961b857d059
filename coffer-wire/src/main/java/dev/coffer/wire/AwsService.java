package dev.coffer.wire;

import java.util.Optional;

/**
 * The two services of the protocol. Their path spaces collide ({@code /tags/{arn}}), so a request's service is read from
 * its credential scope and never from its path.
 */
public enum AwsService {
    BACKUP("backup", "backup", "Message", "InvalidParameterValueException", "MissingParameterValueException"),
    BACKUP_SEARCH("backupsearch", "backup-search", "message", "ValidationException", "ValidationException");

    private final String modelKey;
    private final String signingName;
    private final String messageMember;
    private final String invalidValueType;
    private final String missingValueType;

    AwsService(
            String modelKey,
            String signingName,
            String messageMember,
            String invalidValueType,
            String missingValueType) {
        this.modelKey = modelKey;
        this.signingName = signingName;
        this.messageMember = messageMember;
        this.invalidValueType = invalidValueType;
        this.missingValueType = missingValueType;
    }

    /** The key in the API model, which is also the package name in the AWS SDK for Java. */
    public String modelKey() {
        return modelKey;
    }

    /** The service name in a SigV4 credential scope. */
    public String signingName() {
        return signingName;
    }

    /** How the text of an error is called in its JSON body. */
    public String messageMember() {
        return messageMember;
    }

    /** The error for a value that breaks a rule. */
    public String invalidValueType() {
        return invalidValueType;
    }

    /** The error for a required member that is absent. */
    public String missingValueType() {
        return missingValueType;
    }

    /** The service signed for by this name; empty for any other. */
    public static Optional<AwsService> signedAs(String signingName) {
        for (AwsService service : values()) {
            if (service.signingName.equals(signingName)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }
}
