package dev.coffer.core.access;

import java.util.List;

/**
 * A policy document as its statements.
 *
 * @param variables whether {@code ${...}} stands for something, which it does since version 2012-10-17
 */
public record Policy(boolean variables, List<Statement> statements) {
    public Policy {
        statements = List.copyOf(statements);
    }
}
