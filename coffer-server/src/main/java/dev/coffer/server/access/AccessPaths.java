package dev.coffer.server.access;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.KeyService;
import dev.coffer.engine.access.PolicyService;
import dev.coffer.engine.access.PrincipalService;
import dev.coffer.engine.access.SimulationService;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminCall;
import dev.coffer.server.admin.AdminEndpoint;
import dev.coffer.server.config.Config.Account;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Accounts, users, access keys and roles. Policies and the simulation are in {@link PolicyPaths}.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET accounts</td><td>the installation's accounts for the first of them, and its own for every other</td></tr>
 * <tr><td>POST users</td><td>{@code {"UserName", "PermissionsBoundary"}}</td></tr>
 * <tr><td>GET users, DELETE users/NAME</td><td></td></tr>
 * <tr><td>POST users/NAME/keys</td><td>the secret is in this answer and in none after it</td></tr>
 * <tr><td>GET users/NAME/keys, DELETE users/NAME/keys/ID</td><td></td></tr>
 * <tr><td>PUT users/NAME/keys/ID</td><td>{@code {"Status": "Active" | "Inactive"}}</td></tr>
 * <tr><td>POST roles</td><td>{@code {"RoleName", "AssumeRolePolicyDocument", "MaxSessionDuration", "PermissionsBoundary"}}</td></tr>
 * <tr><td>GET roles, DELETE roles/NAME</td><td></td></tr>
 * </table>
 */
public final class AccessPaths {
    private static final int PAGE_SIZE = 1000;
    private static final String USER_NAME = "UserName";
    private static final String BOUNDARY = "PermissionsBoundary";

    /** The use cases behind the paths. */
    public record Services(
            Gate gate,
            PrincipalService principals,
            KeyService keys,
            PolicyService policies,
            SimulationService simulation) {}

    private enum Status {
        ACTIVE,
        INACTIVE
    }

    private AccessPaths() {}

    public static void addTo(AdminEndpoint admin, Services services, List<Account> accounts) {
        admin.put("GET", "accounts", call -> accounts(services.gate(), call, accounts));
        addUsers(admin, services.principals());
        addKeys(admin, services.keys());
        addRoles(admin, services.principals());
        PolicyPaths.addTo(admin, services);
    }

    private static AdminAnswer accounts(Gate gate, AdminCall call, List<Account> accounts) {
        var own = call.caller().account();
        gate.check(call.caller(), "coffer:ListAccounts", new Arn("aws", "iam", "", own.value(), "root"));
        boolean first = accounts.getFirst().id().equals(own);
        return AdminAnswer.ok(Map.of(
                "Accounts",
                accounts.stream()
                        .filter(account -> first || account.id().equals(own))
                        .map(account -> Map.of("Id", account.id().value(), "Name", account.name()))
                        .toList()));
    }

    private static void addUsers(AdminEndpoint admin, PrincipalService principals) {
        admin.put("POST", "users", call -> {
            call.allow(USER_NAME, BOUNDARY);
            return AdminAnswer.ok(
                    shown(principals.createUser(call.caller(), call.required(USER_NAME), call.text(BOUNDARY))));
        });
        admin.put(
                "GET",
                "users",
                call -> listed("Users", principals.users(call.caller(), page(call)), AccessPaths::shown));
        admin.put("DELETE", "users/{user}", call -> {
            principals.deleteUser(call.caller(), call.named("user"));
            return done();
        });
    }

    private static void addKeys(AdminEndpoint admin, KeyService keys) {
        admin.put("POST", "users/{user}/keys", call -> {
            var made = keys.create(call.caller(), call.named("user"));
            return AdminAnswer.ok(Map.of(
                    "AccessKeyId",
                    made.accessKeyId(),
                    "SecretAccessKey",
                    made.secretAccessKey(),
                    USER_NAME,
                    call.named("user")));
        });
        admin.put(
                "GET",
                "users/{user}/keys",
                call -> AdminAnswer.ok(Map.of(
                        "AccessKeys",
                        keys.list(call.caller(), call.named("user")).stream()
                                .map(AccessPaths::shown)
                                .toList())));
        admin.put("PUT", "users/{user}/keys/{key}", call -> {
            call.allow("Status");
            var status = call.oneOf("Status", Status.class)
                    .orElseThrow(() -> new Refused(Problem.missing("Status is missing. Use Active or Inactive.")));
            keys.setActive(call.caller(), call.named("user"), call.named("key"), status == Status.ACTIVE);
            return done();
        });
        admin.put("DELETE", "users/{user}/keys/{key}", call -> {
            keys.delete(call.caller(), call.named("user"), call.named("key"));
            return done();
        });
    }

    private static void addRoles(AdminEndpoint admin, PrincipalService principals) {
        admin.put("POST", "roles", call -> {
            call.allow("RoleName", "AssumeRolePolicyDocument", "MaxSessionDuration", BOUNDARY);
            return AdminAnswer.ok(shown(principals.createRole(
                    call.caller(),
                    call.required("RoleName"),
                    call.required("AssumeRolePolicyDocument"),
                    call.number("MaxSessionDuration").map(Duration::ofSeconds),
                    call.text(BOUNDARY))));
        });
        admin.put(
                "GET",
                "roles",
                call -> listed("Roles", principals.roles(call.caller(), page(call)), AccessPaths::shown));
        admin.put("DELETE", "roles/{role}", call -> {
            principals.deleteRole(call.caller(), call.named("role"));
            return done();
        });
    }

    /** The part of a list that is asked for with {@code NextToken}. */
    static PageRequest page(AdminCall call) {
        return new PageRequest(PAGE_SIZE, Optional.ofNullable(call.query().get("NextToken")));
    }

    static <T> AdminAnswer listed(String name, Page<T> page, Function<T, Map<String, Object>> shown) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put(name, page.rows().stream().map(shown).toList());
        page.next().ifPresent(next -> answer.put("NextToken", next));
        return AdminAnswer.ok(answer);
    }

    static AdminAnswer done() {
        return AdminAnswer.ok(Map.of());
    }

    private static Map<String, Object> shown(User user) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put(USER_NAME, user.name());
        shown.put("UserId", user.id());
        shown.put("Arn", user.arn().toString());
        shown.put("CreateDate", user.createdAt().toString());
        user.boundary().ifPresent(policy -> shown.put(BOUNDARY, policy.toString()));
        return shown;
    }

    private static Map<String, Object> shown(AccessKey key) {
        return Map.of(
                "AccessKeyId", key.id(),
                "Status", key.active() ? "Active" : "Inactive",
                "CreateDate", key.createdAt().toString());
    }

    private static Map<String, Object> shown(Role role) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("RoleName", role.name());
        shown.put("RoleId", role.id());
        shown.put("Arn", role.arn().toString());
        shown.put("CreateDate", role.createdAt().toString());
        shown.put("MaxSessionDuration", role.longestSession().toSeconds());
        shown.put("AssumeRolePolicyDocument", role.trust().text());
        role.boundary().ifPresent(policy -> shown.put(BOUNDARY, policy.toString()));
        return shown;
    }
}
