package dev.coffer.repository.facts;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Locks, lifecycles and legal holds as fields. What may be absent is 0, or one more than its number. */
final class FactCodec {
    private static final int NONE = 0;
    private static final int GOVERNANCE = 1;
    private static final int COMPLIANCE = 2;

    private FactCodec() {}

    static FieldWriter fields(VaultLock lock) {
        var out = new FieldWriter(64);
        switch (lock) {
            case VaultLock.None() -> out.u8(NONE);
            case VaultLock.Governance(var bounds) -> write(out.u8(GOVERNANCE), bounds);
            case VaultLock.Compliance(var bounds, var from) -> write(write(out.u8(COMPLIANCE), bounds), from);
        }
        return out;
    }

    static VaultLock lock(FieldReader in) {
        try {
            int mode = in.u8();
            var lock = switch (mode) {
                case NONE -> new VaultLock.None();
                case GOVERNANCE -> new VaultLock.Governance(bounds(in));
                case COMPLIANCE -> new VaultLock.Compliance(bounds(in), instant(in));
                default -> throw in.broken("a lock has no mode " + mode);
            };
            in.end();
            return lock;
        } catch (Refused outOfBounds) {
            throw in.broken(outOfBounds.problem().message());
        }
    }

    static FieldWriter fields(Lifecycle lifecycle) {
        var out = new FieldWriter(32);
        write(out, lifecycle.coldAfterDays());
        write(out, lifecycle.deleteAfterDays());
        return out.u8(lifecycle.optInToArchive().map(yes -> yes ? 2 : 1).orElse(0));
    }

    static Lifecycle lifecycle(FieldReader in) {
        try {
            var cold = number(in);
            var delete = number(in);
            int optIn = in.u8();
            if (optIn > 2) {
                throw in.broken("an answer is neither yes nor no");
            }
            in.end();
            return new Lifecycle(cold, delete, optIn == 0 ? Optional.empty() : Optional.of(optIn == 2));
        } catch (Refused outOfBounds) {
            throw in.broken(outOfBounds.problem().message());
        }
    }

    static FieldWriter fields(HoldFact hold) {
        var out = new FieldWriter(256).text(hold.title()).text(hold.description());
        write(out, hold.createdAt());
        write(out, hold.selection().vaultNames());
        write(out, hold.selection().resourceIdentifiers());
        var range = hold.selection().createdWithin();
        out.u8(range.isPresent() ? 1 : 0);
        range.ifPresent(within -> write(write(out, within.from()), within.to()));
        hold.cancellation().ifPresent(why -> write(write(out, why.at()).text(why.description()), why.recordUntil()));
        return out;
    }

    static HoldFact hold(HoldId id, long number, FieldReader in) {
        try {
            var title = in.text();
            var description = in.text();
            var createdAt = instant(in);
            var vaults = texts(in);
            var resources = texts(in);
            var selection = new HoldSelection(vaults, resources, range(in));
            var why = number == HoldFact.IN_FORCE
                    ? Optional.<HoldState.Cancellation>empty()
                    : Optional.of(new HoldState.Cancellation(instant(in), in.text(), instant(in)));
            in.end();
            return new HoldFact(id, title, description, selection, createdAt, why);
        } catch (Refused outOfBounds) {
            throw in.broken(outOfBounds.problem().message());
        }
    }

    private static Optional<HoldSelection.DateRange> range(FieldReader in) {
        int form = in.u8();
        if (form > 1) {
            throw in.broken("a range is there or not");
        }
        return form == 0 ? Optional.empty() : Optional.of(new HoldSelection.DateRange(instant(in), instant(in)));
    }

    private static void write(FieldWriter out, List<String> texts) {
        out.varint(texts.size());
        texts.forEach(out::text);
    }

    private static List<String> texts(FieldReader in) {
        int count = in.varint(in.remaining());
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            texts.add(in.text());
        }
        return texts;
    }

    private static FieldWriter write(FieldWriter out, Instant time) {
        return out.i64(time.getEpochSecond()).u32(time.getNano());
    }

    private static FieldWriter write(FieldWriter out, RetentionBounds bounds) {
        write(out, bounds.minDays());
        return write(out, bounds.maxDays());
    }

    private static RetentionBounds bounds(FieldReader in) {
        return new RetentionBounds(number(in), number(in));
    }

    private static FieldWriter write(FieldWriter out, OptionalLong number) {
        return out.varint(number.isPresent() ? number.getAsLong() + 1 : 0);
    }

    private static OptionalLong number(FieldReader in) {
        long value = in.varint();
        return value == 0 ? OptionalLong.empty() : OptionalLong.of(value - 1);
    }

    private static Instant instant(FieldReader in) {
        long seconds = in.i64();
        int nanos = in.size32();
        try {
            if (nanos < 1_000_000_000) {
                return Instant.ofEpochSecond(seconds, nanos);
            }
        } catch (DateTimeException beyond) {
            throw in.broken("a time that no clock shows");
        }
        throw in.broken("a time that no clock shows");
    }
}
