package dev.coffer.engine.resource;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.Gate;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProtectedResourceServiceTest {
    private final EngineBench bench;

    ProtectedResourceServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private ProtectedResourceService resources() {
        return new ProtectedResourceService(bench.catalog, bench.gate);
    }

    @Test
    void aResourceWithoutBackupIsNotFoundAndAnotherAccountsIsDenied() {
        var arn = Arn.ofFileSystem(ADMIN.scope(), "fs-1").toString();

        assertThat(refusal(() -> resources().describe(ADMIN, arn)).kind()).isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> resources().describe(STRANGER, arn)))
                .isEqualTo(Gate.hidden().problem());
        assertThat(refusal(() -> resources().describe(ADMIN, "no arn")).kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @Test
    void listsOfUnknownVaultsAreHidden() throws Exception {
        bench.vault("daily");
        var first = PageRequest.first(10);

        assertThat(resources()
                        .listByVault(ADMIN, "daily", Optional.empty(), first)
                        .rows())
                .isEmpty();
        assertThat(resources().list(ADMIN, first).rows()).isEmpty();
        assertThat(refusal(() -> resources().listByVault(ADMIN, "nothing", Optional.empty(), first)))
                .isEqualTo(refusal(() -> resources().listByVault(STRANGER, "daily", Optional.empty(), first)))
                .isEqualTo(Gate.hidden().problem());
    }
}
