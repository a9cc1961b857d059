package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.aws.endpoint.Pause;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Opens an endpoint for a job. Checksums are sent the way every S3 has known since 2006, as Content-MD5, and nothing newer is asked for, so that no endpoint has to be probed for it.
 */
final class S3Access {
    static final String BUCKET = "bucket";
    private static final String ENDPOINT = "endpoint";
    private static final String PATH_STYLE = "pathStyle";
    private static final long ANSWER_BYTES_AT_MOST = 32L << 20;

    private final EndpointClients clients;
    private final Calls.Patience patience;
    private final Pause pause;
    private final RandomGenerator random;

    S3Access(EndpointClients clients, Calls.Patience patience, Pause pause, RandomGenerator random) {
        this.clients = clients;
        this.patience = patience;
        this.pause = pause;
        this.random = random;
    }

    /** Calls for one bucket; the caller closes them. */
    Calls open(Map<String, String> settings, String bucket) {
        boolean own = settings.containsKey(ENDPOINT);
        var client = clients.with(S3Client.builder(), settings)
                .forcePathStyle(Boolean.parseBoolean(settings.getOrDefault(PATH_STYLE, Boolean.toString(own))))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // One signed body and not a chain of signed chunks, which the endpoints read differently.
                .serviceConfiguration(
                        service -> service.chunkedEncodingEnabled(false).expectContinueEnabled(false))
                .addPlugin(LegacyMd5Plugin.create())
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1))
                        .addExecutionInterceptor(new BoundedAnswers()))
                .build();
        return new Calls(client, bucket, patience, pause, random);
    }

    static String bucket(Source source) {
        return Optional.ofNullable(source.settings().get(BUCKET))
                .orElseThrow(() -> new SourceException.Impossible(
                        "The source " + source.arn() + " names no bucket. Let it be found behind its endpoint."));
    }

    /** Ends an answer that is too long to be one, before it fills the memory. The content of objects is not an answer in this sense. */
    private static final class BoundedAnswers implements ExecutionInterceptor {
        @Override
        public Optional<InputStream> modifyHttpResponseContent(
                Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
            return context.request() instanceof GetObjectRequest
                            && context.httpResponse().isSuccessful()
                    ? context.responseBody()
                    : context.responseBody().map(BoundedStream::new);
        }
    }

    private static final class BoundedStream extends InputStream {
        private final InputStream in;
        private long left = ANSWER_BYTES_AT_MOST;

        BoundedStream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws LyingAnswer {
            left -= read;
            if (left < 0) {
                throw new LyingAnswer("the answer has more than " + ANSWER_BYTES_AT_MOST + " bytes");
            }
        }

        /** Reads the rest, so that the connection can be used again, or hangs up if that is too much. */
        @Override
        public void close() throws IOException {
            try {
                transferTo(OutputStream.nullOutputStream());
            } catch (IOException tooMuchOrBroken) {
                if (in instanceof Abortable open) {
                    open.abort();
                }
            }
            in.close();
        }
    }
}
