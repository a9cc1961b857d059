package dev.coffer.core.problem;

/** A request breaks a rule. Thrown by use cases, turned into the AWS error in one place at the edge. */
public final class Refused extends RuntimeException {
    private final transient Problem problem;

    public Refused(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }
}
