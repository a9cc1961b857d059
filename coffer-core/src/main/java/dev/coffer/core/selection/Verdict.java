package dev.coffer.core.selection;

import dev.coffer.core.resource.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a selection chooses a resource, and why. */
public sealed interface Verdict {
    /** The reason in words for the person who wonders. */
    String inWords();

    /** Whether it is chosen. */
    default boolean chosen() {
        return this instanceof Chosen;
    }

    /** It is chosen. */
    record Chosen(Inclusion by) implements Verdict {
        @Override
        public String inWords() {
            return by.inWords();
        }
    }

    /** Nothing includes it: no entry of Resources, no tag of ListOfTags. */
    record NotIncluded() implements Verdict {
        @Override
        public String inWords() {
            return "no entry of Resources matches it, and it has no tag of ListOfTags";
        }
    }

    /** Something includes it, and something else leaves it out: all of that, at least one. */
    record LeftOut(Inclusion by, List<Objection> objections) implements Verdict {
        public LeftOut {
            objections = List.copyOf(objections);
        }

        @Override
        public String inWords() {
            return by.inWords() + ", but "
                    + objections.stream().map(Objection::inWords).collect(Collectors.joining("; and "));
        }
    }

    /** What includes a resource. */
    sealed interface Inclusion {
        /** To follow "because". */
        String inWords();

        /** Whether a type that is opted out is left out of it. */
        boolean heedsOptIn();
    }

    /** An entry of Resources matches it. */
    record ByResource(ResourcePattern pattern) implements Inclusion {
        @Override
        public String inWords() {
            return pattern.reach() == ResourcePattern.Reach.ONE
                    ? "Resources names it"
                    : "Resources has " + pattern + ", which matches it";
        }

        @Override
        public boolean heedsOptIn() {
            return pattern.reach().heedsOptIn();
        }
    }

    /** It has a tag of ListOfTags. */
    record ByTag(TagCondition tag) implements Inclusion {
        @Override
        public String inWords() {
            return "it has the tag " + tag.key() + " = " + tag.value() + " of ListOfTags";
        }

        @Override
        public boolean heedsOptIn() {
            return true;
        }
    }

    /** What leaves an included resource out. */
    sealed interface Objection {
        String inWords();
    }

    /**
     * A condition does not hold.
     *
     * @param actual the value that the tag has; absent if it is not there
     */
    record FailedCondition(Operator operator, TagCondition condition, Optional<String> actual) implements Objection {
        @Override
        public String inWords() {
            return operator.wireName() + " " + condition.value() + " does not hold for its tag " + condition.key()
                    + ", which " + actual.map(value -> "is " + value).orElse("it does not have");
        }
    }

    /** An entry of NotResources matches it. */
    record Subtracted(ResourcePattern pattern) implements Objection {
        @Override
        public String inWords() {
            return "NotResources has " + pattern + ", which matches it";
        }
    }

    /** Its type is opted out in the Region, and nothing names the type or the resource itself. */
    record OptedOut(ResourceType type) implements Objection {
        @Override
        public String inWords() {
            return type.wireName() + " is opted out in this Region (UpdateRegionSettings)";
        }
    }

    /** A restore test has made it. */
    record OfRestoreTest() implements Objection {
        @Override
        public String inWords() {
            return "a restore test has made it";
        }
    }

    /** The four operators of conditions. */
    enum Operator {
        EQUALS("StringEquals"),
        NOT_EQUALS("StringNotEquals"),
        LIKE("StringLike"),
        NOT_LIKE("StringNotLike");

        private final String wireName;

        Operator(String wireName) {
            this.wireName = wireName;
        }

        /** The name on the wire. */
        public String wireName() {
            return wireName;
        }
    }
}
