package dev.coffer.aws.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Ends an answer that is too long to be one, before it fills the memory. The content of objects is not an answer in this sense; its headers are. */
final class BoundedAnswers implements ExecutionInterceptor {
    private static final long ANSWER_BYTES_AT_MOST = 32L << 20;
    /** S3 has 2 KiB of user metadata and 8 KiB of other headers. */
    private static final long HEADER_CHARACTERS_AT_MOST = 128L << 10;

    @Override
    public void beforeUnmarshalling(Context.BeforeUnmarshalling context, ExecutionAttributes attributes) {
        long characters = 0;
        for (var header : context.httpResponse().headers().entrySet()) {
            for (var value : header.getValue()) {
                characters += header.getKey().length() + value.length();
            }
        }
        if (characters > HEADER_CHARACTERS_AT_MOST) {
            context.responseBody()
                    .filter(Abortable.class::isInstance)
                    .map(Abortable.class::cast)
                    .ifPresent(Abortable::abort);
            throw new UncheckedIOException(new LyingAnswer(
                    "the answer has headers of " + characters + " characters, more than " + HEADER_CHARACTERS_AT_MOST));
        }
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.request() instanceof GetObjectRequest
                        && context.httpResponse().isSuccessful()
                ? context.responseBody()
                : context.responseBody().map(BoundedStream::new);
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
