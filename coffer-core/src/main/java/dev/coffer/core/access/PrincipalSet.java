package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.util.List;
import java.util.Optional;

/**
 * The principals of a statement.
 *
 * @param except whether the statement is about all others ({@code NotPrincipal})
 * @param everyone whether {@code *} is among them
 * @param aws account ids and ARNs
 * @param services for example {@code backup.amazonaws.com}
 */
public record PrincipalSet(boolean except, boolean everyone, List<String> aws, List<String> services) {
    private static final String ROOT_BEGIN = "arn:aws:iam::";
    private static final String ROOT_END = ":root";

    public PrincipalSet {
        aws = List.copyOf(aws);
        services = List.copyOf(services);
    }

    /** The account that a principal stands for as a whole: {@code 111122223333} or the ARN of its root. */
    public static Optional<String> account(String principal) {
        var id = principal.startsWith(ROOT_BEGIN) && principal.endsWith(ROOT_END)
                ? principal.substring(ROOT_BEGIN.length(), principal.length() - ROOT_END.length())
                : principal;
        return AccountId.isOne(id) ? Optional.of(id) : Optional.empty();
    }

    /** The account that a principal is or belongs to; empty for what cannot be a principal. */
    public static Optional<String> accountOf(String principal) {
        return account(principal)
                .or(() -> Arn.parse(principal).map(Arn::account).filter(AccountId::isOne));
    }

    /** How the set names the subject. */
    Fit fit(Subject subject) {
        if (!except) {
            return named(subject);
        }
        return isExcepted(subject) ? Fit.NONE : Fit.LIMITED;
    }

    /** An account among the exceptions is its root alone: AWS wants it beside each user that is excepted, and goes on to deny to the others in it. */
    private boolean isExcepted(Subject subject) {
        var named = named(subject);
        return named == Fit.ACCOUNT ? subject instanceof Subject.Root : named != Fit.NONE;
    }

    private Fit named(Subject subject) {
        var fit = everyone ? Fit.LIMITED : Fit.NONE;
        if (subject instanceof Subject.Service(var name)) {
            return services.contains(name) ? Fit.DIRECT : fit;
        }
        for (var principal : aws) {
            var one = named(principal, subject);
            fit = one.compareTo(fit) > 0 ? one : fit;
        }
        return fit;
    }

    private static Fit named(String principal, Subject subject) {
        var account = account(principal);
        if (account.isPresent()) {
            return subject.isOf(account.get()) ? Fit.ACCOUNT : Fit.NONE;
        }
        if (principal.equals(subject.shown())) {
            return Fit.DIRECT;
        }
        return subject instanceof Subject.Session session
                        && principal.equals(session.role().toString())
                ? Fit.LIMITED
                : Fit.NONE;
    }
}
