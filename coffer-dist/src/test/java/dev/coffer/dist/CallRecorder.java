package dev.coffer.dist;

import dev.coffer.wire.AwsService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Leaves a file for every operation that the server has carried out for a real client; the compatibility table is made from these files. */
final class CallRecorder implements ExecutionInterceptor {
    private final Path folder;

    private CallRecorder(Path folder) {
        this.folder = folder;
    }

    /** The recorder of the AWS SDK for Java's client of {@code backup}. */
    static CallRecorder ofSdk() {
        return new CallRecorder(folderOf("java-sdk"));
    }

    static Path folderOf(String client) {
        return Path.of(System.getProperty("coffer.calls"), client);
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        record(
                folder,
                AwsService.BACKUP.modelKey() + "-" + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    }

    static void record(Path folder, String operation) {
        try {
            Files.createDirectories(folder);
            var file = folder.resolve(operation);
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
        } catch (java.nio.file.FileAlreadyExistsException another) {
            // Another test has seen the operation at the same moment.
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
