package dev.coffer.wire.model;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.model.Shape.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the API model says about one service.
 *
 * @param operations by operation name, sorted
 * @param shapes by shape name, sorted
 */
public record ServiceModel(
        AwsService service, String apiVersion, Map<String, OperationModel> operations, Map<String, Shape> shapes) {
    private static final String RESOURCE = "/dev/coffer/wire/api-model.json";

    /**
     * One operation of the model.
     *
     * @param uri the template, with labels in braces and at most one literal query key
     * @param status the HTTP status of success
     * @param errorStatus HTTP status by the name of each modelled error
     * @param input the name of the input structure; empty when the operation takes nothing
     * @param output the name of the output structure; empty when it answers without a body
     */
    public record OperationModel(
            String name,
            String method,
            String uri,
            int status,
            boolean idempotent,
            Map<String, Integer> errorStatus,
            Optional<String> input,
            Optional<String> output) {}

    /** Reads both services from the resource; {@link IllegalStateException} when it is damaged. */
    public static Map<AwsService, ServiceModel> load() {
        try (InputStream in = ServiceModel.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + RESOURCE);
            }
            Map<String, Object> root = ModelReader.parse(in.readAllBytes());
            var models = new EnumMap<AwsService, ServiceModel>(AwsService.class);
            for (AwsService service : AwsService.values()) {
                models.put(service, ModelReader.service(service, root));
            }
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shape of this name; a missing one is a damaged model. */
    public Shape shape(String name) {
        Shape shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalStateException("no shape " + name + " in the model of " + service);
        }
        return shape;
    }

    /** The structure of this name. */
    public Structure structure(String name) {
        if (shape(name) instanceof Structure structure) {
            return structure;
        }
        throw new IllegalStateException(name + " is not a structure in the model of " + service);
    }

    /** The status of a modelled error wherever an operation declares it; empty for an unknown name. */
    public Optional<Integer> errorStatus(String type) {
        return operations.values().stream()
                .flatMap(
                        operation -> Optional.ofNullable(operation.errorStatus().get(type)).stream())
                .findFirst();
    }
}
