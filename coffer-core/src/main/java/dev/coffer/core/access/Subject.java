package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;

/** Who asks, as policies name it. */
public sealed interface Subject {
    /** The account itself. */
    record Root(AccountId account) implements Subject {
        @Override
        public String shown() {
            return "arn:aws:iam::" + account + ":root";
        }
    }

    /** A user. */
    record User(AccountId account, Arn arn) implements Subject {
        @Override
        public String shown() {
            return arn.toString();
        }
    }

    /**
     * Somebody who has taken on a role.
     *
     * @param arn of the session, {@code arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION}
     */
    record Session(AccountId account, Arn arn, Arn role) implements Subject {
        @Override
        public String shown() {
            return arn.toString();
        }
    }

    /** A service, for example {@code backup.amazonaws.com}. */
    record Service(String name) implements Subject {
        @Override
        public String shown() {
            return name;
        }
    }

    /** How messages call it. */
    String shown();

    /** Whether it belongs to the account. Services belong to none. */
    default boolean isOf(String account) {
        return switch (this) {
            case Root root -> root.account().value().equals(account);
            case User user -> user.account().value().equals(account);
            case Session session -> session.account().value().equals(account);
            case Service _ -> false;
        };
    }
}
