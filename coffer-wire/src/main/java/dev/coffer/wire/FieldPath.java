package dev.coffer.wire;

import java.util.Optional;

/** The way from the request to a member, as messages name it: {@code BackupPlan.Rules[0].RuleName}. */
public sealed interface FieldPath {
    record Root() implements FieldPath {}

    record Member(FieldPath parent, String name) implements FieldPath {}

    record Element(FieldPath parent, int index) implements FieldPath {}

    record Entry(FieldPath parent) implements FieldPath {}

    record Key(FieldPath parent) implements FieldPath {}

    default FieldPath member(String name) {
        return new Member(this, name);
    }

    default FieldPath element(int index) {
        return new Element(this, index);
    }

    default FieldPath entry() {
        return new Entry(this);
    }

    default FieldPath key() {
        return new Key(this);
    }

    /** Empty for the root. Map keys are left out: they come from the caller. */
    default Optional<String> text() {
        return switch (this) {
            case Root() -> Optional.empty();
            case Member(FieldPath parent, String name) ->
                Optional.of(parent.text().map(before -> before + "." + name).orElse(name));
            case Element(FieldPath parent, int index) ->
                Optional.of(parent.text().orElse("") + "[" + index + "]");
            case Key(FieldPath parent) ->
                Optional.of("A key of " + parent.text().orElse("the map"));
            case Entry(FieldPath parent) ->
                Optional.of("A value of " + parent.text().orElse("the map"));
        };
    }

    default String inWords() {
        return text().orElse("The request body");
    }
}
