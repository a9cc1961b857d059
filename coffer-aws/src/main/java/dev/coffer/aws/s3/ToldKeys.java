package dev.coffer.aws.s3;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a mark of changes holds of a bucket: of every key that was looked at since the image before it, all versions, and an item at the key's own path that says that it was looked at. So a version that is gone is told from a key that nobody looked at.
 */
final class ToldKeys {
    private static final String LOOKED = "looked";

    private ToldKeys() {}

    /** The path of a key, beneath which its versions are. */
    static ItemPath path(String key) {
        return KeyPath.of(key, Listed.NULL_VERSION).parent();
    }

    static boolean hasLooked(RecoveryPointReader mark, ItemPath key) throws InterruptedException {
        return mark.find(key)
                .filter(item -> item.attributes().number(LOOKED).isPresent())
                .isPresent();
    }

    /** Notes that the key was looked at. */
    static void put(WriteSession session, ItemPath key) throws InterruptedException {
        session.put(
                key, ItemKind.DIRECTORY, Attributes.builder().number(LOOKED, 1).build());
    }

    /** The versions of a key as they are known: by the newest mark if it looked at the key, else by the newest image. */
    static List<Item> known(RecoveryPointReader newest, RecoveryPointReader image, ItemPath key)
            throws InterruptedException {
        var versions = new ArrayList<Item>();
        (hasLooked(newest, key) ? newest : image).items(key, item -> {
            if (KeyPath.at(item.path()).isPresent()) {
                versions.add(item);
            }
            return true;
        });
        return versions;
    }

    /** Carries over what the mark before looked at, but for keys that are looked at again. */
    static void carry(RecoveryPointReader before, WriteSession session, Set<ItemPath> again)
            throws InterruptedException {
        var looked = new ArrayList<ItemPath>();
        before.items(KeyPath.OBJECTS, item -> {
            if (item.attributes().number(LOOKED).isPresent() && !again.contains(item.path())) {
                looked.add(item.path());
            }
            return true;
        });
        for (var key : looked) {
            put(session, key);
            for (var item : known(before, before, key)) {
                session.keep(item, item.attributes());
            }
        }
    }
}
