package dev.coffer.wire.codec;

import dev.coffer.wire.route.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkField;

/** What a list request asks for, page apart: two requests with the same digest walk the same list. */
public final class FilterDigest {
    private static final Set<String> PAGE_MEMBERS = Set.of("nexttoken", "maxresults");

    private FilterDigest() {}

    /** SHA-256 in hexadecimal over the operation and all scalar members that are set, but NextToken and MaxResults. */
    public static String of(Operation operation, AwsRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, operation.service().signingName());
            add(digest, operation.name());
            for (SdkField<?> field : request.sdkFields()) {
                if (!PAGE_MEMBERS.contains(field.memberName().toLowerCase(Locale.ROOT))) {
                    BodyWriter.valueOf(field, request).ifPresent(value -> {
                        add(digest, field.memberName());
                        add(digest, value.toString());
                    });
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }
}
