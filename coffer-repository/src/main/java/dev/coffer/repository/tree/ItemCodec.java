package dev.coffer.repository.tree;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;

/** An item besides its path, as bytes: kind, attributes, content. The size is that of the content. */
final class ItemCodec {
    /** Path and value of an item together are no longer. */
    static final int LONGEST = 1 << 20;

    private static final int LISTED = 255;

    private ItemCodec() {}

    /** Appends the value; IllegalArgumentException for an item that the format has no place for. */
    static void write(Item item, int pathBytes, FieldWriter out) {
        int from = out.length();
        var content = StoredContent.of(item);
        if (item.size() != content.length()) {
            throw new IllegalArgumentException("the item " + item.path() + " has another size than its content");
        }
        out.u8(item.kind().code());
        out.varint(item.attributes().size());
        item.attributes().forEach((name, value) -> {
            if (value.length > LONGEST) {
                throw tooLarge(item);
            }
            out.text(name).sized(value);
        });
        write(content, out);
        if (out.length() - from + pathBytes > LONGEST) {
            throw tooLarge(item);
        }
    }

    private static IllegalArgumentException tooLarge(Item item) {
        return new IllegalArgumentException(
                "the item " + item.path() + " has more than " + LONGEST + " bytes of path and attributes");
    }

    private static void write(StoredContent content, FieldWriter out) {
        switch (content) {
            case StoredContent.Inline(var segments) -> {
                out.u8(segments.size());
                segments.forEach(segment -> write(segment, out));
            }
            case StoredContent.Listed(var root, var height, var segments, var length) ->
                out.u8(LISTED).hash(root).u8(height).varint(segments).varint(length);
        }
    }

    /** Appends a segment: its length and whether it is a hole in one number, then the chunk. */
    static void write(Segment segment, FieldWriter out) {
        switch (segment) {
            case Segment.Data(var chunk, var bytes) ->
                out.varint((long) bytes << 1).hash(chunk);
            case Segment.Hole(var length) -> out.varint(length << 1 | 1);
        }
    }

    /** Reads a value; Corrupt if it is none. */
    static Item read(ItemPath path, FieldReader in, AttributeNames names) {
        var kind = ItemKind.ofCode(in.u8());
        var attributes = attributes(in, names);
        var content = content(in);
        return new Item(path, kind, content.length(), attributes, content);
    }

    private static Attributes attributes(FieldReader in, AttributeNames names) {
        int count = in.varint(in.remaining() / 2);
        if (count == 0) {
            return Attributes.NONE;
        }
        var builder = Attributes.builder();
        var previous = "";
        for (int i = 0; i < count; i++) {
            var name = names.read(in);
            if (name.compareTo(previous) <= 0) {
                throw in.broken("attributes are not in order");
            }
            previous = name;
            try {
                builder.put(name, in.sized());
            } catch (IllegalArgumentException noName) {
                throw in.broken("an attribute has a name that none can have");
            }
        }
        return builder.build();
    }

    private static StoredContent content(FieldReader in) {
        int form = in.u8();
        try {
            if (form == LISTED) {
                return new StoredContent.Listed(in.hash(), in.u8(), in.varint(), in.varint());
            }
            if (form > StoredContent.INLINE_AT_MOST) {
                throw in.broken("content of unknown form " + form);
            }
            if (form == 0) {
                return StoredContent.NONE;
            }
            var segments = new ArrayList<Segment>(form);
            for (int i = 0; i < form; i++) {
                segments.add(segment(in));
            }
            return new StoredContent.Inline(segments);
        } catch (IllegalArgumentException outOfBounds) {
            throw in.broken(String.valueOf(outOfBounds.getMessage()));
        }
    }

    static Segment segment(FieldReader in) {
        long number = in.varint();
        long length = number >>> 1;
        if (length == 0) {
            throw in.broken("a segment is empty");
        }
        if ((number & 1) == 1) {
            return new Segment.Hole(length);
        }
        if (length > Integer.MAX_VALUE) {
            throw in.broken("a chunk is larger than any");
        }
        return new Segment.Data(in.hash(), (int) length);
    }
}
