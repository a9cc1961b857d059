package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.testkit.format.PlainFacts;
import dev.coffer.testkit.format.PlainVault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault with locks, lifecycles and holds that was written once and stays readable for ever, by the product and by the pages of the format alone. */
final class GoldenFactsTest {
    private static final SessionId ONE = new SessionId("one");
    private static final Instant START = Instant.parse("2026-03-01T10:00:00.250Z");
    private static final LockFact LOCK = new LockFact(
            3,
            new VaultLock.Compliance(
                    new RetentionBounds(OptionalLong.of(7), OptionalLong.of(36_500)), START.plusSeconds(259_200)));
    private static final Lifecycle LIFECYCLE =
            new Lifecycle(OptionalLong.of(30), OptionalLong.of(200), Optional.of(false));
    private static final HoldFact HELD = new HoldFact(
            new HoldId("4f1c0a52-0000-4000-8000-000000000001"),
            "case 4711",
            "Müller",
            new HoldSelection(
                    List.of("Default", "prod"),
                    List.of("EFS", "arn:aws:s3:::films"),
                    Optional.of(new HoldSelection.DateRange(Instant.EPOCH, START))),
            START,
            Optional.empty());
    private static final HoldFact RELEASED = new HoldFact(
            new HoldId("4f1c0a52-0000-4000-8000-000000000002"),
            "case 4712",
            "over",
            HoldSelection.ALL,
            START,
            Optional.of(new HoldState.Cancellation(START.plusSeconds(60), "settled", START.plusSeconds(86_400))));

    @TempDir
    Path folder;

    /** Made the vault: the argument is the folder {@code src/test/resources/golden/v1-facts}. */
    public static void main(String[] arguments) throws Exception {
        try (var repositories = new Installation(Path.of(arguments[0])).start()) {
            var facts = Installation.vault(repositories).facts();
            facts.put(new LockFact(1, new VaultLock.Governance(VaultLock.UNBOUNDED)));
            facts.put(new LockFact(2, new VaultLock.None()));
            facts.put(LOCK);
            facts.put(ONE, Lifecycle.NONE);
            facts.put(ONE, LIFECYCLE);
            facts.put(HELD);
            facts.put(new HoldFact(
                    RELEASED.id(),
                    RELEASED.title(),
                    RELEASED.description(),
                    RELEASED.selection(),
                    RELEASED.createdAt(),
                    Optional.empty()));
            facts.put(RELEASED);
        }
    }

    private Path copied() throws Exception {
        var url = Objects.requireNonNull(GoldenFactsTest.class.getResource("/golden/v1-facts"));
        var golden = Path.of(URI.create(url.toString()));
        try (var files = Files.walk(golden)) {
            for (var file : files.toList()) {
                var target = folder.resolve(golden.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return folder;
    }

    @Test
    void locksLifecyclesAndHoldsOfFormatOneAreReadable() throws Exception {
        try (var repositories = new Installation(copied()).start()) {
            var facts = repositories
                    .open(Installation.SCOPE, Installation.NAME, Installation.ID)
                    .facts();
            assertThat(facts.lock()).contains(LOCK);
            assertThat(facts.lifecycle(ONE)).contains(LIFECYCLE);
            assertThat(facts.holds()).containsExactlyInAnyOrder(HELD, RELEASED);
        }
    }

    @Test
    void theyAreReadByThePagesAlone() throws Exception {
        var installation = new Installation(copied());
        var facts = PlainVault.open(installation.vaultFolder(), folder.resolve("key/coffer.key"))
                .facts();
        assertThat(facts.lock())
                .contains(new PlainFacts.Lock(
                        2, OptionalLong.of(7), OptionalLong.of(36_500), Optional.of(START.plusSeconds(259_200))));
        assertThat(facts.lifecycleByPoint())
                .containsOnlyKeys("one")
                .containsEntry("one", new PlainFacts.Lifecycle(OptionalLong.of(30), OptionalLong.of(200), 1));
        assertThat(facts.holdById())
                .containsOnlyKeys(HELD.id().value(), RELEASED.id().value());
        assertThat(facts.holdById().get(HELD.id().value()))
                .isEqualTo(new PlainFacts.Hold(
                        "case 4711",
                        "Müller",
                        START,
                        List.of("Default", "prod"),
                        List.of("EFS", "arn:aws:s3:::films"),
                        Optional.of(new PlainFacts.Range(Instant.EPOCH, START)),
                        Optional.empty()));
        assertThat(facts.holdById().get(RELEASED.id().value()))
                .isEqualTo(new PlainFacts.Hold(
                        "case 4712",
                        "over",
                        START,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(new PlainFacts.Cancelled(
                                START.plusSeconds(60), "settled", START.plusSeconds(86_400)))));
    }
}
