package dev.coffer.wire.route;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.model.ServiceModel;
import dev.coffer.wire.model.ServiceModel.OperationModel;
import dev.coffer.wire.route.Operation.Segment;
import dev.coffer.wire.route.Operation.Segment.Label;
import dev.coffer.wire.route.Operation.Segment.Literal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backupsearch.model.BackupSearchException;

/** Every operation of both services, with the models they came from. Immutable; built once, at start. */
public final class OperationTable {
    /** Operations whose SDK class names are spelled otherwise than the operation. */
    private static final Map<String, String> SDK_SPELLING = Map.of("GetBackupPlanFromJSON", "GetBackupPlanFromJson");

    private final Map<AwsService, ServiceModel> models;
    private final Map<AwsService, Map<String, Operation>> operations;

    private OperationTable(Map<AwsService, ServiceModel> models, Map<AwsService, Map<String, Operation>> operations) {
        this.models = models;
        this.operations = operations;
    }

    /** Binds the whole model; {@link IllegalStateException} when the SDK on the class path lacks an operation. */
    public static OperationTable load() {
        Map<AwsService, ServiceModel> models = ServiceModel.load();
        var operations = new EnumMap<AwsService, Map<String, Operation>>(AwsService.class);
        models.forEach((service, model) -> {
            var byName = new TreeMap<String, Operation>();
            model.operations().forEach((name, operation) -> byName.put(name, bind(service, operation)));
            operations.put(service, byName);
        });
        return new OperationTable(models, operations);
    }

    public ServiceModel model(AwsService service) {
        ServiceModel model = models.get(service);
        if (model == null) {
            throw new IllegalStateException("no model of " + service);
        }
        return model;
    }

    /** All operations of the service, sorted by name. */
    public List<Operation> operations(AwsService service) {
        return List.copyOf(operations.getOrDefault(service, Map.of()).values());
    }

    /** The operation of this name. */
    public Optional<Operation> operation(AwsService service, String name) {
        return Optional.ofNullable(operations.getOrDefault(service, Map.of()).get(name));
    }

    private static Operation bind(AwsService service, OperationModel model) {
        String sdkName = SDK_SPELLING.getOrDefault(model.name(), model.name());
        Class<?> neighbour = switch (service) {
            case BACKUP -> BackupException.class;
            case BACKUP_SEARCH -> BackupSearchException.class;
        };
        try {
            String prefix = neighbour.getPackageName() + "." + sdkName;
            Class<? extends AwsRequest> request = Class.forName(prefix + "Request", true, neighbour.getClassLoader())
                    .asSubclass(AwsRequest.class);
            Class<? extends AwsResponse> response = Class.forName(prefix + "Response", true, neighbour.getClassLoader())
                    .asSubclass(AwsResponse.class);
            int query = model.uri().indexOf('?');
            return new Operation(
                    service,
                    model,
                    segments(query < 0 ? model.uri() : model.uri().substring(0, query)),
                    query < 0 ? Optional.empty() : Optional.of(model.uri().substring(query + 1)),
                    request,
                    builderOf(request),
                    response);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the AWS SDK on the class path lacks " + model.name(), e);
        }
    }

    private static Supplier<SdkPojo> builderOf(Class<? extends AwsRequest> request)
            throws ReflectiveOperationException {
        var method = request.getMethod("builder");
        return () -> {
            try {
                return (SdkPojo) method.invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot build " + request, e);
            }
        };
    }

    private static List<Segment> segments(String template) {
        var segments = new ArrayList<Segment>();
        for (String part : Router.split(template)) {
            segments.add(part.startsWith("{") ? new Label(part.substring(1, part.length() - 1)) : new Literal(part));
        }
        return List.copyOf(segments);
    }
}
