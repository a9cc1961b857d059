package dev.coffer.dist;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The architecture as a test: each rule with its reason. */
final class ArchitectureTest {
    private static final String ROOT = "dev.coffer.";

    /** For each module: what of Coffer and what foreign it may use. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "core", List.of("java..", "javax.crypto..", "org.jspecify.."),
            "wire",
                    List.of(
                            "java..",
                            "javax.crypto..",
                            "org.jspecify..",
                            "tools.jackson..",
                            "software.amazon.awssdk.."),
            "repository",
                    List.of(
                            "java..",
                            "javax.crypto..",
                            "org.jspecify..",
                            "org.slf4j..",
                            "com.github.luben..",
                            ROOT + "core.."),
            "host", List.of("java..", "org.jspecify..", "org.slf4j..", "tools.jackson..", ROOT + "core.."),
            "keys",
                    List.of(
                            "java..",
                            "javax.crypto..",
                            "org.jspecify..",
                            "org.bouncycastle.crypto..",
                            "software.amazon.awssdk..",
                            ROOT + "core.."),
            "aws",
                    List.of(
                            "java..",
                            "javax.crypto..",
                            "tools.jackson..",
                            "org.jspecify..",
                            "software.amazon.awssdk..",
                            "software.amazon.event.ruler..",
                            "org.apache.hc..",
                            "tools.jackson..",
                            ROOT + "core.."),
            "catalog",
                    List.of(
                            "java..",
                            "javax.sql..",
                            "org.jspecify..",
                            "org.slf4j..",
                            "org.jooq..",
                            "org.flywaydb..",
                            "org.sqlite..",
                            "com.zaxxer..",
                            "tools.jackson..",
                            ROOT + "core.."),
            "engine", List.of("java..", "org.jspecify..", "org.slf4j..", ROOT + "core.."));

    private static JavaClasses coffer;

    @BeforeAll
    static void read() {
        coffer = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.coffer");
    }

    @TestFactory
    Collection<DynamicTest> aModuleUsesOnlyWhatItsReasonAllows() {
        var tests = new ArrayList<DynamicTest>();
        ALLOWED.forEach((module, allowed) -> {
            var all = new ArrayList<>(allowed);
            all.add(ROOT + module + "..");
            ArchRule rule = classes()
                    .that()
                    .resideInAPackage(ROOT + module + "..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(all.toArray(String[]::new))
                    .because(
                            "a module exists for one reason, and what it may import is that reason: see ARCHITECTURE.md");
            tests.add(DynamicTest.dynamicTest(module, () -> {
                assertThat(coffer.that(resideInAPackage(ROOT + module + ".."))).isNotEmpty();
                rule.check(coffer);
            }));
        });
        return tests;
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.coffer.(*).(*)..")
                .should()
                .beFreeOfCycles()
                .because("a cycle is one package with two names; a reader cannot begin anywhere")
                .check(coffer);
    }

    @Test
    void timeAndRandomnessComeFromOutside() {
        var logic = coffer.that(resideOutsideOfPackages(ROOT + "cli..", ROOT + "testkit.."));
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(SecureRandom.class)
                .because(
                        "time and randomness enter through parameters, so that tests own them and locks cannot be fooled in passing")
                .check(logic);
    }

    @Test
    void nothingIsSerializedByJava() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .because("deserializing what came from outside has cost other backup servers their hosts")
                .check(coffer);
    }

    @Test
    void staticStateDoesNotChange() {
        fields().that()
                .areStatic()
                .should(beFinalAndHoldNothingThatChanges())
                .because(
                        "state belongs to an object that somebody constructed, so that two servers fit into one process")
                .check(coffer);
    }

    @Test
    void nothingPrintsPastTheLog() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("standard output is for results, and everything else is a log line with its facts")
                .check(coffer);
    }

    private static ArchCondition<JavaField> beFinalAndHoldNothingThatChanges() {
        return new ArchCondition<>("be final and hold nothing that changes") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                JavaClass type = field.getRawType();
                boolean changes = type.getName().startsWith("java.util.concurrent.atomic.")
                        || type.getName().startsWith("java.util.concurrent.locks.")
                        || type.isAssignableTo(java.util.concurrent.ConcurrentMap.class);
                if (!field.getModifiers().contains(JavaModifier.FINAL) || changes) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is static and changes"));
                }
            }
        };
    }
}
