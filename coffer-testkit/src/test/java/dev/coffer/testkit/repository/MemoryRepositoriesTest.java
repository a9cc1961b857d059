package dev.coffer.testkit.repository;

import dev.coffer.core.repository.Repositories;

final class MemoryRepositoriesTest extends RepositoryContract {
    @Override
    protected Repositories fresh() {
        return new MemoryRepositories();
    }
}
