package dev.coffer.engine.source;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Knows every resource that can be backed up or restored into: those of the configuration, those that were found behind its endpoints, and those that restores have made. Of resources of one ARN the first in this order
 * is the one. Immutable but for what the catalog and the discoveries hold.
 */
public final class Inventory {
    private static final String RESTORE_PARENT = "restore";

    private final List<Source> configured;
    private final Discoveries discoveries;
    private final Catalog catalog;
    private final Map<ResourceType, ResourceConnector> connectorByType;
    private final Map<ResourceType, String> restoreParentByType;

    /**
     * An inventory.
     *
     * @param connectors at most one for each type
     * @param restoreParents where new resources of a type are made
     * @throws IllegalArgumentException if two connectors serve one type, or two sources have one ARN
     */
    public Inventory(
            List<Source> configured,
            Discoveries discoveries,
            Catalog catalog,
            List<ResourceConnector> connectors,
            Map<ResourceType, String> restoreParents) {
        this.configured = List.copyOf(configured);
        this.discoveries = discoveries;
        this.catalog = catalog;
        this.restoreParentByType = Map.copyOf(restoreParents);
        this.connectorByType = new EnumMap<>(ResourceType.class);
        for (var connector : connectors) {
            if (connectorByType.putIfAbsent(connector.spec().serves(), connector) != null) {
                throw new IllegalArgumentException(
                        "two connectors serve " + connector.spec().serves().wireName());
            }
        }
        long different = this.configured.stream()
                .map(source -> source.scope() + " " + source.arn())
                .distinct()
                .count();
        if (different != this.configured.size()) {
            throw new IllegalArgumentException("two sources have the same ARN");
        }
    }

    /** An inventory without endpoints. */
    public Inventory(
            List<Source> configured,
            Catalog catalog,
            List<ResourceConnector> connectors,
            Map<ResourceType, String> restoreParents) {
        this(configured, Discoveries.none(), catalog, connectors, restoreParents);
    }

    /** Looks again behind the endpoints of the scope, if the last look is not recent. Waits a bounded time; never called inside a transaction. */
    public void refresh(Scope scope) {
        discoveries.refresh(scope);
    }

    /** Looks again for a resource that is not known. Waits a bounded time; never called inside a transaction. */
    public void refreshFor(Scope scope, Arn arn) {
        ResourceType.ofArn(arn)
                .filter(_ -> find(scope, arn).isEmpty())
                .ifPresent(type -> discoveries.refreshFor(scope, type));
    }

    /** The endpoints of the scope that did not tell what they have, so that resources may be missing here. */
    public List<Outage> outages(Scope scope) {
        return discoveries.outages(scope);
    }

    /** Takes note of a resource that a restore has made. What discovery finds by itself is not stored. */
    public void made(Transaction tx, Source source) {
        if (!discoveries.made(source)) {
            tx.resources().putRestoredSource(source);
        }
    }

    /** The source with the ARN in the scope. */
    public Optional<Source> find(Scope scope, Arn arn) {
        return catalog.read(view -> find(view, scope, arn));
    }

    /** The same, inside a transaction. */
    public Optional<Source> find(View view, Scope scope, Arn arn) {
        return configured.stream()
                .filter(source -> source.scope().equals(scope) && source.arn().equals(arn))
                .findFirst()
                .or(() -> discoveries.find(scope, arn))
                .or(() -> view.resources().restoredSource(scope, arn));
    }

    /** All resources of the scope that exist now, in the order of their ARNs as texts. */
    public List<Source> resources(Scope scope) {
        return catalog.read(view -> resources(view, scope));
    }

    /** The same, inside a transaction. */
    public List<Source> resources(View view, Scope scope) {
        var sourceByArn = new TreeMap<String, Source>();
        view.resources()
                .restoredSources(scope)
                .forEach(source -> sourceByArn.put(source.arn().toString(), source));
        var found = new HashSet<String>();
        discoveries
                .resources(scope)
                .filter(source -> found.add(source.arn().toString()))
                .forEach(source -> sourceByArn.put(source.arn().toString(), source));
        configured.stream()
                .filter(source -> source.scope().equals(scope))
                .forEach(source -> sourceByArn.put(source.arn().toString(), source));
        return List.copyOf(sourceByArn.values());
    }

    /** The connector of the type. */
    public Optional<ResourceConnector> connector(ResourceType type) {
        return Optional.ofNullable(connectorByType.get(type));
    }

    /** All connectors. */
    public List<ResourceConnector> connectors() {
        return List.copyOf(connectorByType.values());
    }

    /**
     * Where a restore of the type may go in the scope.
     *
     * @param origin the resource that was backed up; if it is still known and names a place for its restores, new resources are made there
     */
    public RestoreRequest.Targets targets(Scope scope, ResourceType type, Arn origin) {
        var own = find(scope, origin)
                .flatMap(source -> Optional.ofNullable(source.settings().get(RESTORE_PARENT)));
        return new RestoreRequest.Targets() {
            @Override
            public Optional<Source> existing(String resourceId) {
                return known(resourceId).or(() -> {
                    discoveries.refreshFor(scope, type);
                    return known(resourceId);
                });
            }

            private Optional<Source> known(String resourceId) {
                return Stream.of(
                                configured.stream(),
                                discoveries.resources(scope),
                                catalog.read(view -> view.resources().restoredSources()).stream())
                        .flatMap(each -> each)
                        .filter(source -> source.type() == type
                                && source.scope().equals(scope)
                                && idOf(source.arn()).equals(resourceId))
                        .findFirst();
            }

            @Override
            public String restoreParent() {
                var parent = own.orElseGet(() -> restoreParentByType.getOrDefault(type, ""));
                if (parent.isEmpty()) {
                    throw new SourceException.Impossible("The configuration names no place for restored "
                            + type.wireName() + " resources. Add one, or restore into an existing resource.");
                }
                return parent;
            }

            @Override
            public Endpoint endpoint() {
                return discoveries
                        .endpoint(scope, type, origin)
                        .orElseThrow(() -> new SourceException.Impossible("The configuration names no endpoint of "
                                + type.wireName() + " resources. Add one, or restore into an existing resource."));
            }
        };
    }

    /** What follows the last slash or colon of the resource part: {@code fs-1} of {@code file-system/fs-1}. */
    private static String idOf(Arn arn) {
        var resource = arn.resource();
        return resource.substring(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
    }
}
