package dev.coffer.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;

/**
 * The sequences of calls that Terraform's AWS provider (5.100) and CloudFormation make, through the AWS SDK, each with what its maker relies on: what is read back, and which errors mean that something is gone.
 * {@link TerraformTest} has the provider itself, where it is installed.
 */
final class IacReplayTest {
    @TempDir
    private static Path folder;

    private static RunningCoffer coffer;
    private static BackupClient client;

    @BeforeAll
    static void start() throws IOException {
        coffer = RunningCoffer.start(folder);
        client = coffer.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        coffer.close();
    }

    @TestFactory
    Stream<DynamicTest> everySequenceGetsWhatItsMakerReliesOn() {
        return Stream.of(
                        IacVaults.sequences(),
                        IacPlans.sequences(),
                        IacSelections.sequences(),
                        IacSettings.sequences(),
                        IacErrors.sequences())
                .flatMap(List::stream)
                .map(sequence -> DynamicTest.dynamicTest(
                        sequence.name(), () -> sequence.calls().make(new IacReplay(coffer, client))));
    }
}
