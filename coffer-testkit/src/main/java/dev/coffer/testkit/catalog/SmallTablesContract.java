package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.ROLE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.TokenTable.Token;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.GlobalSetting;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.Vault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the rows of vaults, tags, settings, keys, tokens and resources promise. */
public interface SmallTablesContract extends CatalogUnderTest {
    @Test
    default void everyFieldOfAVaultComesBack() {
        var samples = samples();
        for (int i = 0; i < 20; i++) {
            var vault = samples.vault("vault-" + i, at(i));
            change(tx -> tx.vaults().insert(vault));
            assertThat(foundVault(vault)).contains(vault);
            var elsewhere = catalog().read(view -> view.vaults().find(ELSEWHERE, vault.name()));
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    default void vaultsAreListedByCreationThenNameOnceWhileOthersAreAdded() {
        var samples = samples();
        var vaults = new ArrayList<Vault>();
        for (int i = 0; i < 14; i++) {
            vaults.add(samples.vault("vault-" + (char) ('z' - i), at(i / 3 * 10L)));
        }
        change(tx -> {
            vaults.forEach(tx.vaults()::insert);
            tx.vaults().insert(samples.vault(ELSEWHERE, "vault-a", at(0)));
        });
        var added = new ArrayList<Integer>();
        var shown = CatalogUnderTest.pages(
                3,
                page -> catalog().read(view -> view.vaults().list(SCOPE, page)),
                () -> change(tx -> {
                    added.add(added.size());
                    tx.vaults().insert(samples.vault("before-" + added.size(), at(-1)));
                    tx.vaults().insert(samples.vault("within-" + added.size(), at(25)));
                }));
        assertThat(shown)
                .containsAll(vaults)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(Comparator.comparing(Vault::createdAt)
                        .thenComparing(vault -> vault.name().value()));
    }

    @Test
    default void vaultsAreCountedInTheirScopeAndKnownInAll() {
        var samples = samples();
        var here = samples.vault("same", at(0));
        var there = samples.vault(ELSEWHERE, "same", at(0));
        change(tx -> {
            tx.vaults().insert(here);
            tx.vaults().insert(there);
        });
        assertThat(catalog().<Long>read(view -> view.vaults().count(SCOPE))).isEqualTo(1);
        var all = catalog().read(view -> view.vaults().all());
        assertThat(all).containsExactlyInAnyOrder(here, there);

        change(tx -> tx.vaults().delete(here));
        assertThat(foundVault(here)).isEmpty();
        assertThat(foundVault(there)).contains(there);
    }

    @Test
    default void tagsAreReplacedAsAWholeAndNoneRemovesThem() {
        var samples = samples();
        assertThat(tagsOf(fileSystem(1))).isEqualTo(Tags.NONE);
        for (int i = 0; i < 20; i++) {
            var tags = samples.tags();
            change(tx -> tx.tags().put(fileSystem(1), tags));
            assertThat(tagsOf(fileSystem(1))).isEqualTo(tags);
        }
        change(tx -> {
            tx.tags().put(fileSystem(1), Tags.of(Map.of("a", "1")));
            tx.tags().put(fileSystem(2), Tags.of(Map.of("b", "2")));
        });
        change(tx -> tx.tags().put(fileSystem(1), Tags.NONE));
        assertThat(tagsOf(fileSystem(1))).isEqualTo(Tags.NONE);
        assertThat(tagsOf(fileSystem(2))).isEqualTo(Tags.of(Map.of("b", "2")));
    }

    @Test
    default void settingsAreTheDefaultsUntilOthersArePut() {
        assertThat(settingsOf(SCOPE)).isEqualTo(RegionSettings.defaults());
        var changed = RegionSettings.defaults()
                .with(Map.of(ResourceType.S3, false, ResourceType.EFS, false), Map.of(ResourceType.DYNAMODB, false))
                .withOthers(Map.of("FSx", true, "Storage Gateway", false));
        change(tx -> tx.settings().put(SCOPE, changed));
        assertThat(settingsOf(SCOPE)).isEqualTo(changed);
        assertThat(settingsOf(ELSEWHERE)).isEqualTo(RegionSettings.defaults());
        change(tx -> tx.settings().put(SCOPE, RegionSettings.defaults()));
        assertThat(settingsOf(SCOPE)).isEqualTo(RegionSettings.defaults());
    }

    @Test
    default void settingsOfTheOrganizationAreTheDefaultsUntilOthersArePut() {
        assertThat(globalSettings()).isEqualTo(GlobalSettings.DEFAULTS);
        var first = GlobalSettings.DEFAULTS.with(
                Map.of(GlobalSetting.CROSS_ACCOUNT_BACKUP, true), Instant.parse("2026-04-01T12:30:15.123Z"));
        change(tx -> tx.settings().putGlobal(first));
        assertThat(globalSettings()).isEqualTo(first);
        var second =
                first.with(Map.of(GlobalSetting.MULTI_PARTY_APPROVAL, false), Instant.parse("2026-04-02T00:00:00Z"));
        change(tx -> tx.settings().putGlobal(second));
        assertThat(globalSettings()).isEqualTo(second);
    }

    @Test
    default void aValueOfTheInstallationIsReplaced() {
        assertThat(installation("name")).isEmpty();
        for (var text : List.of("first", "", "line\n'quoted' \ud83d\udd12")) {
            change(tx -> tx.settings().putInstallation("name", text));
            assertThat(installation("name")).contains(text);
        }
        assertThat(installation("other")).isEmpty();
    }

    @Test
    default void accessKeysComeBackByIdAndByAccount() {
        var samples = samples();
        var first = samples.accessKey("AKIA1");
        var second = samples.accessKey("AKIA2");
        var foreign = new AccessKey("AKIA3", ELSEWHERE.account(), ROLE, "sealed", at(0), true);
        change(tx -> List.of(first, second, foreign).forEach(tx.access()::insert));
        for (var key : List.of(first, second, foreign)) {
            var found = catalog().read(view -> view.access().key(key.id()));
            assertThat(found).contains(key);
        }
        var missing = catalog().read(view -> view.access().key("akia1"));
        assertThat(missing).as("ids are exact").isEmpty();
        var ofAccount = catalog().read(view -> view.access().keysOf(SCOPE.account()));
        assertThat(ofAccount).containsExactlyInAnyOrder(first, second);
        assertThatThrownBy(() -> change(tx -> tx.access().insert(first))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void aRoleTrustsTheServiceOnceItIsPutHoweverOften() {
        assertThat(trusts(ROLE)).isFalse();
        change(tx -> tx.access().putRole(ROLE, at(0)));
        change(tx -> tx.access().putRole(ROLE, at(1)));
        assertThat(trusts(ROLE)).isTrue();
        assertThat(trusts(Arn.ofRole(SCOPE.account(), "other"))).isFalse();
    }

    @Test
    default void aSignatureIsUsedOnceUntilItIsForgotten() {
        var uses = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 4; i++) {
            uses.add(() -> firstUse("abc", 100));
        }
        assertThat(CatalogUnderTest.together(uses)).containsExactlyInAnyOrder(true, false, false, false);
        assertThat(firstUse("def", 101)).isTrue();

        assertThat(catalog().<Integer>write(tx -> tx.access().forgetSignaturesBefore(at(100))))
                .isZero();
        assertThat(firstUse("abc", 100)).isFalse();
        assertThat(catalog().<Integer>write(tx -> tx.access().forgetSignaturesBefore(at(101))))
                .isEqualTo(1);
        assertThat(firstUse("abc", 200)).isTrue();
        assertThat(firstUse("def", 200)).isFalse();
    }

    @Test
    default void concurrentRequestsWithOneTokenFindOneAnswer() {
        var requests = new ArrayList<Callable<String>>();
        for (int i = 0; i < 6; i++) {
            var mine = new Token("digest", "job-" + i, at(i));
            requests.add(() -> catalog()
                    .write(tx -> tx.tokens()
                            .find(SCOPE, "StartBackupJob", "token")
                            .map(Token::result)
                            .orElseGet(() -> {
                                tx.tokens().insert(SCOPE, "StartBackupJob", "token", mine);
                                return mine.result();
                            })));
        }
        var answers = CatalogUnderTest.together(requests);
        assertThat(answers).hasSize(6).containsOnly(answers.getFirst());
    }

    @Test
    default void aTokenIsAddedOncePerScopeOperationAndText() {
        var samples = samples();
        for (int i = 0; i < 10; i++) {
            var token = new Token("digest " + samples.text(), samples.text(), at(i));
            var name = "token-" + i;
            change(tx -> tx.tokens().insert(SCOPE, "A", name, token));
            assertThat(token(SCOPE, "A", name)).contains(token);
        }
        var again = new Token("digest", "again", at(0));
        assertThatThrownBy(() -> change(tx -> tx.tokens().insert(SCOPE, "A", "token-1", again)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(token(SCOPE, "B", "token-1")).isEmpty();
        assertThat(token(ELSEWHERE, "A", "token-1")).isEmpty();
        change(tx -> {
            tx.tokens().insert(SCOPE, "B", "token-1", again);
            tx.tokens().insert(ELSEWHERE, "A", "token-1", again);
            tx.tokens().insert(SCOPE, "A", "TOKEN-1", again);
        });
        assertThat(token(SCOPE, "B", "token-1")).contains(again);
    }

    @Test
    default void tokensFromBeforeTheMomentAreDeleted() {
        var old = new Token("digest", "old", at(99));
        var young = new Token("digest", "young", at(100));
        change(tx -> {
            tx.tokens().insert(SCOPE, "A", "old", old);
            tx.tokens().insert(SCOPE, "A", "young", young);
        });
        assertThat(catalog().<Integer>write(tx -> tx.tokens().deleteBefore(at(100))))
                .isEqualTo(1);
        assertThat(token(SCOPE, "A", "old")).isEmpty();
        assertThat(token(SCOPE, "A", "young")).contains(young);
    }

    @Test
    default void restoredSourcesComeBackAndAreReplaced() {
        var samples = samples();
        for (int i = 0; i < 10; i++) {
            var source = samples.source(fileSystem(i % 2));
            change(tx -> tx.resources().putRestoredSource(source));
            var found = catalog().read(view -> view.resources().restoredSource(SCOPE, source.arn()));
            assertThat(found).contains(source);
        }
        var all = catalog().read(view -> view.resources().restoredSources());
        assertThat(all).extracting(source -> source.arn()).containsExactlyInAnyOrder(fileSystem(0), fileSystem(1));
        var elsewhere = catalog().read(view -> view.resources().restoredSource(ELSEWHERE, fileSystem(0)));
        assertThat(elsewhere).isEmpty();
        var here = catalog().read(view -> view.resources().restoredSources(SCOPE));
        assertThat(here).extracting(source -> source.arn()).containsExactly(fileSystem(0), fileSystem(1));
        assertThat(catalog()
                        .<Integer>read(view ->
                                view.resources().restoredSources(ELSEWHERE).size()))
                .isZero();
    }

    @Test
    default void protectedResourcesComeBackAndAreReplaced() {
        var samples = samples();
        for (int i = 0; i < 20; i++) {
            var resource = samples.protectedResource(fileSystem(1));
            change(tx -> tx.resources().putProtected(SCOPE, resource));
            var found = catalog().read(view -> view.resources().findProtected(SCOPE, fileSystem(1)));
            assertThat(found).contains(resource);
        }
        var elsewhere = catalog().read(view -> view.resources().findProtected(ELSEWHERE, fileSystem(1)));
        assertThat(elsewhere).isEmpty();
    }

    @Test
    default void protectedResourcesAreListedByArnOnceWhileOthersAreAdded() {
        var samples = samples();
        var resources = new ArrayList<ProtectedResource>();
        for (int i = 0; i < 11; i++) {
            resources.add(samples.protectedResource(fileSystem(i * 10)));
        }
        change(tx -> {
            resources.reversed().forEach(resource -> tx.resources().putProtected(SCOPE, resource));
            tx.resources().putProtected(ELSEWHERE, samples.protectedResource(fileSystem(5_000)));
        });
        var added = new ArrayList<Integer>();
        var shown = CatalogUnderTest.pages(
                3,
                page -> catalog().read(view -> view.resources().listProtected(SCOPE, page)),
                () -> change(tx -> {
                    added.add(added.size());
                    tx.resources().putProtected(SCOPE, samples.protectedResource(fileSystem(added.size())));
                    tx.resources().putProtected(SCOPE, samples.protectedResource(fileSystem(95 + added.size())));
                }));
        assertThat(shown)
                .containsAll(resources)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(
                        Comparator.comparing(resource -> resource.arn().toString()))
                .extracting(ProtectedResource::arn)
                .doesNotContain(fileSystem(5_000))
                .doesNotHaveDuplicates();
    }

    private Optional<Vault> foundVault(Vault vault) {
        return catalog().read(view -> view.vaults().find(vault.scope(), vault.name()));
    }

    private Tags tagsOf(Arn arn) {
        return catalog().read(view -> view.tags().of(arn));
    }

    private GlobalSettings globalSettings() {
        return catalog().read(view -> view.settings().global());
    }

    private RegionSettings settingsOf(Scope scope) {
        return catalog().read(view -> view.settings().of(scope));
    }

    private Optional<String> installation(String name) {
        return catalog().read(view -> view.settings().installation(name));
    }

    private boolean trusts(Arn role) {
        return catalog().<Boolean>read(view -> view.access().roleTrustsBackup(role));
    }

    private boolean firstUse(String signature, long untilMillis) {
        return catalog().<Boolean>write(tx -> tx.access().firstUse(signature, at(untilMillis)));
    }

    private Optional<Token> token(Scope scope, String operation, String token) {
        return catalog().write(tx -> tx.tokens().find(scope, operation, token));
    }
}
