package dev.coffer.wire.codec;

import dev.coffer.wire.error.WireException;
import dev.coffer.wire.model.ServiceModel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.core.json.JsonFactory;

/** Structures of the model as JSON texts of their own, outside of a request or an answer; with the rules of {@link RestJson1}. Safe for use by many threads. */
public final class JsonDocuments {
    private final ServiceModel model;
    private final JsonFactory factory = BodyReader.factory();

    public JsonDocuments(ServiceModel model) {
        this.model = model;
    }

    /** The text of an SDK object. */
    public String write(SdkPojo document) {
        return new String(BodyWriter.write(factory, document), StandardCharsets.UTF_8);
    }

    /**
     * Reads a text into the builder of an SDK object. Unknown members are ignored.
     *
     * @param shape the name of its structure in the model
     * @throws WireException when the text cannot be read
     */
    public void read(String text, String shape, SdkPojo builder) {
        BodyReader.read(factory, text.getBytes(StandardCharsets.UTF_8), model, Optional.of(shape), builder);
    }
}
