package dev.coffer.engine.access;

import static dev.coffer.engine.EngineBench.ACCOUNT;
import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.REGION;
import static dev.coffer.engine.EngineBench.STRANGER;

import dev.coffer.catalog.access.JacksonPolicyJson;
import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Organization;
import dev.coffer.core.access.Origin;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.KeyLookup.Found;
import dev.coffer.engine.access.SessionService.Issued;
import dev.coffer.engine.vault.VaultPolicyService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The use cases of access over a real catalog with two accounts, and callers as signatures make them. */
public final class AccessBench implements AutoCloseable {
    public final EngineBench engine;
    public final PolicyReader reader = new PolicyReader(new JacksonPolicyJson());
    public final PrincipalService principals;
    public final KeyService keys;
    public final PolicyService policies;
    public final SimulationService simulation;
    public final SessionService sessions;
    public final VaultPolicyService vaultPolicies;
    public final KeyLookup lookup;

    public AccessBench(Path folder) throws InterruptedException {
        engine = new EngineBench(folder);
        var maker = new Credentials(new Random(7));
        var sealer = new PlainSealer();
        principals = new PrincipalService(engine.catalog, engine.gate, reader, maker, engine.clock);
        keys = new KeyService(engine.catalog, engine.gate, sealer, maker, engine.clock);
        policies = new PolicyService(engine.catalog, engine.gate, reader, engine.clock);
        simulation = new SimulationService(engine.catalog, engine.gate, engine.clock);
        sessions = new SessionService(engine.catalog, reader, sealer, maker, engine.clock, Organization.UNNAMED);
        vaultPolicies = new VaultPolicyService(engine.catalog, engine.gate, reader);
        lookup = new KeyLookup(engine.catalog, sealer, engine.clock);
        var bootstrap = new AccountBootstrap(engine.catalog, engine.vaults, sealer, maker, engine.clock);
        for (var account : List.of(ACCOUNT, STRANGER.account())) {
            bootstrap.ensure(account, List.of(REGION));
        }
    }

    /** Seals nothing; what is sealed is another test's. */
    private static final class PlainSealer implements SecretSealer {
        @Override
        public String seal(String secret) {
            return "sealed " + secret;
        }

        @Override
        public String unseal(String sealed) {
            return sealed.substring("sealed ".length());
        }
    }

    /** A user of the first account with a policy of its own. */
    public Caller user(String name, String policy) {
        var user = principals.createUser(ADMIN, name, Optional.empty());
        policies.putInline(ADMIN, "user/" + name, "own", policy);
        return new Caller(ACCOUNT, user.arn(), REGION);
    }

    /** The caller of temporary credentials, found as a signature's check finds it. */
    public Caller caller(Issued issued) {
        var key = (Found.SigningKey) lookup.find(issued.session().id(), Optional.of(issued.sessionToken()));
        return new Caller(key.account(), key.principal(), REGION, key.session(), Origin.WITHIN);
    }

    /** A user of any account, whether it is there or not. */
    public static Caller named(AccountId account, String user, Region region) {
        return new Caller(account, Arn.ofUser(account, user), region);
    }

    /** A policy with one statement; single quotes stand for double ones. */
    public static String policy(String statement) {
        return ("{'Version':'2012-10-17','Statement':[{" + statement + "}]}").replace('\'', '"');
    }

    /** A policy that allows actions on everything. */
    public static String allow(String... actions) {
        return policy("'Effect':'Allow','Action':['" + String.join("','", actions) + "'],'Resource':'*'");
    }

    @Override
    public void close() {
        engine.close();
    }
}
