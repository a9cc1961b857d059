package dev.coffer.server.access;

import static dev.coffer.server.access.AccessPaths.done;

import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.PolicyService;
import dev.coffer.engine.access.PolicyService.OfPrincipal;
import dev.coffer.engine.access.PrincipalService;
import dev.coffer.engine.access.SimulationService;
import dev.coffer.server.access.AccessPaths.Services;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminCall;
import dev.coffer.server.admin.AdminEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Policies, and what they come to. POLICY is a name or an ARN; PRINCIPAL is an ARN, {@code user/NAME} or {@code role/PATH/NAME}; slashes in both are encoded. Documents are JSON texts.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET policies</td><td>the account's and the built-in ones</td></tr>
 * <tr><td>PUT policies/POLICY</td><td>{@code {"Document"}} makes it or replaces what it says</td></tr>
 * <tr><td>GET, DELETE policies/POLICY</td><td></td></tr>
 * <tr><td>GET principals/PRINCIPAL/policies</td><td>those of its own and those that it is attached to</td></tr>
 * <tr><td>PUT, DELETE principals/PRINCIPAL/policies/NAME</td><td>{@code {"Document"}}: one of its own</td></tr>
 * <tr><td>PUT, DELETE principals/PRINCIPAL/attached/POLICY</td><td></td></tr>
 * <tr><td>PUT, DELETE principals/PRINCIPAL/boundary</td><td>{@code {"PolicyArn"}}</td></tr>
 * <tr><td>POST simulate</td><td>{@code {"Principal", "Action", "Resource", "Context": {KEY: TEXT or [TEXT]}}}</td></tr>
 * </table>
 */
final class PolicyPaths {
    private static final String DOCUMENT = "Document";
    private static final String PRINCIPAL = "principal";
    private static final String POLICY = "policy";

    private PolicyPaths() {}

    static void addTo(AdminEndpoint admin, Services services) {
        addPolicies(admin, services.policies());
        addPrincipals(admin, services.policies());
        addBoundary(admin, services.principals());
        admin.put("POST", "simulate", call -> simulated(services.simulation(), call));
    }

    private static void addPolicies(AdminEndpoint admin, PolicyService policies) {
        admin.put(
                "GET",
                "policies",
                call -> AccessPaths.listed(
                        "Policies", policies.list(call.caller(), AccessPaths.page(call)), PolicyPaths::shown));
        admin.put(
                "GET",
                "policies/{policy}",
                call -> AdminAnswer.ok(withDocument(policies.get(call.caller(), call.named(POLICY)))));
        admin.put("PUT", "policies/{policy}", call -> {
            call.allow(DOCUMENT);
            return AdminAnswer.ok(shown(policies.put(call.caller(), call.named(POLICY), call.required(DOCUMENT))));
        });
        admin.put("DELETE", "policies/{policy}", call -> {
            policies.delete(call.caller(), call.named(POLICY));
            return done();
        });
    }

    private static void addPrincipals(AdminEndpoint admin, PolicyService policies) {
        admin.put(
                "GET",
                "principals/{principal}/policies",
                call -> AdminAnswer.ok(shown(policies.ofPrincipal(call.caller(), call.named(PRINCIPAL)))));
        admin.put("PUT", "principals/{principal}/policies/{policy}", call -> {
            call.allow(DOCUMENT);
            policies.putInline(call.caller(), call.named(PRINCIPAL), call.named(POLICY), call.required(DOCUMENT));
            return done();
        });
        admin.put("DELETE", "principals/{principal}/policies/{policy}", call -> {
            policies.deleteInline(call.caller(), call.named(PRINCIPAL), call.named(POLICY));
            return done();
        });
        admin.put("PUT", "principals/{principal}/attached/{policy}", call -> {
            policies.attach(call.caller(), call.named(PRINCIPAL), call.named(POLICY));
            return done();
        });
        admin.put("DELETE", "principals/{principal}/attached/{policy}", call -> {
            policies.detach(call.caller(), call.named(PRINCIPAL), call.named(POLICY));
            return done();
        });
    }

    private static void addBoundary(AdminEndpoint admin, PrincipalService principals) {
        admin.put("PUT", "principals/{principal}/boundary", call -> {
            call.allow("PolicyArn");
            principals.putBoundary(call.caller(), call.named(PRINCIPAL), Optional.of(call.required("PolicyArn")));
            return done();
        });
        admin.put("DELETE", "principals/{principal}/boundary", call -> {
            principals.putBoundary(call.caller(), call.named(PRINCIPAL), Optional.empty());
            return done();
        });
    }

    private static AdminAnswer simulated(SimulationService simulation, AdminCall call) {
        call.allow("Principal", "Action", "Resource", "Context");
        var decision = simulation.simulate(
                call.caller(),
                call.required("Principal"),
                call.required("Action"),
                call.text("Resource").orElse("*"),
                context(call.body().get("Context")));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("Allowed", decision.allowed());
        answer.put("Explanation", decision.explanation());
        return AdminAnswer.ok(answer);
    }

    private static Map<String, List<String>> context(@Nullable JsonNode given) {
        var valuesByKey = new LinkedHashMap<String, List<String>>();
        if (given == null || given.isNull()) {
            return valuesByKey;
        }
        if (!given.isObject()) {
            throw notContext();
        }
        for (var member : given.properties()) {
            var values = new ArrayList<String>();
            for (var value : member.getValue().isArray() ? member.getValue() : List.of(member.getValue())) {
                if (!value.isString()) {
                    throw notContext();
                }
                values.add(value.stringValue());
            }
            valuesByKey.put(member.getKey(), values);
        }
        return valuesByKey;
    }

    private static Refused notContext() {
        return new Refused(Problem.invalid("Context is an object of condition keys with texts or lists of texts."));
    }

    private static Map<String, Object> shown(ManagedPolicy policy) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("PolicyName", policy.name());
        shown.put("Arn", policy.arn().toString());
        return shown;
    }

    private static Map<String, Object> withDocument(ManagedPolicy policy) {
        var shown = shown(policy);
        shown.put(DOCUMENT, policy.document().text());
        return shown;
    }

    private static Map<String, Object> shown(OfPrincipal of) {
        var inline = new LinkedHashMap<String, Object>();
        of.inline().forEach((name, document) -> inline.put(name, document.text()));
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Arn", of.principal().toString());
        shown.put("Policies", inline);
        shown.put("Attached", of.attached().stream().map(PolicyPaths::shown).toList());
        return shown;
    }
}
