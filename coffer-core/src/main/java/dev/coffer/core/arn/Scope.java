package dev.coffer.core.arn;

/** One account in one region: the unit in which AWS Backup keeps its state. Nothing crosses it unasked. */
public record Scope(AccountId account, Region region) {
    @Override
    public String toString() {
        return account + "/" + region;
    }
}
