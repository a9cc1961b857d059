package dev.coffer.aws.dynamodb;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item as bytes: the same for the same item, in whatever order the endpoint names attributes and members of sets. A number keeps its text, and so all of its digits.
 *
 * <p>Part of the format of recovery points; see docs/decisions/0100-dynamodb.md.
 */
final class ItemCodec {
    private static final int STRING = 1;
    private static final int NUMBER = 2;
    private static final int BINARY = 3;
    private static final int FALSE = 4;
    private static final int TRUE = 5;
    private static final int NULL = 6;
    private static final int MAP = 7;
    private static final int LIST = 8;
    private static final int STRING_SET = 9;
    private static final int NUMBER_SET = 10;
    private static final int BINARY_SET = 11;
    private static final int DEEPEST = 64;

    private ItemCodec() {}

    /**
     * The bytes of the item.
     *
     * @throws IllegalArgumentException if it has a value that is of no known type, or a text that is none
     */
    static byte[] encode(Map<String, AttributeValue> item) {
        var out = new Bytes(256);
        putMap(out, item);
        return out.copy();
    }

    /**
     * The item of the bytes.
     *
     * @throws IllegalArgumentException if they are not an item's
     */
    static Map<String, AttributeValue> decode(byte[] bytes) {
        var in = new Bytes.Reader(bytes, 0, bytes.length);
        var item = map(in, 0);
        if (!in.atEnd()) {
            throw new IllegalArgumentException("bytes follow the item");
        }
        return item;
    }

    private static void putMap(Bytes out, Map<String, AttributeValue> map) {
        out.putCount(map.size());
        new TreeMap<>(map).forEach((name, value) -> {
            out.putSized(utf8(name));
            put(out, value);
        });
    }

    private static void put(Bytes out, AttributeValue value) {
        switch (value.type()) {
            case S -> sized(out, STRING, utf8(value.s()));
            case N -> sized(out, NUMBER, utf8(value.n()));
            case B -> sized(out, BINARY, value.b().asByteArrayUnsafe());
            case BOOL -> out.put(value.bool() ? TRUE : FALSE);
            case NUL -> out.put(NULL);
            case M -> {
                out.put(MAP);
                putMap(out, value.m());
            }
            case L -> {
                out.put(LIST);
                out.putCount(value.l().size());
                value.l().forEach(member -> put(out, member));
            }
            case SS ->
                putSet(out, STRING_SET, value.ss().stream().map(ItemCodec::utf8).toList());
            case NS ->
                putSet(out, NUMBER_SET, value.ns().stream().map(ItemCodec::utf8).toList());
            case BS ->
                putSet(
                        out,
                        BINARY_SET,
                        value.bs().stream().map(SdkBytes::asByteArrayUnsafe).toList());
            case UNKNOWN_TO_SDK_VERSION ->
                throw new IllegalArgumentException("it has an attribute of a type that this version does not know");
        }
    }

    private static void sized(Bytes out, int type, byte[] value) {
        out.put(type);
        out.putSized(value);
    }

    private static void putSet(Bytes out, int type, Collection<byte[]> members) {
        out.put(type);
        out.putCount(members.size());
        members.stream().sorted(Arrays::compareUnsigned).forEach(out::putSized);
    }

    /** The text in UTF-8; half a character is refused, since it would come back as another one. */
    static byte[] utf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return strictly(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] strictly(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException half) {
            throw new IllegalArgumentException("it has a text with half a character", half);
        }
    }

    private static Map<String, AttributeValue> map(Bytes.Reader in, int depth) {
        int size = in.getCount();
        var map = new LinkedHashMap<String, AttributeValue>();
        for (int i = 0; i < size; i++) {
            map.put(text(in), value(in, depth + 1));
        }
        return map;
    }

    private static AttributeValue value(Bytes.Reader in, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("an item is nested too deeply");
        }
        int type = in.get();
        return switch (type) {
            case STRING -> AttributeValue.fromS(text(in));
            case NUMBER -> AttributeValue.fromN(text(in));
            case BINARY -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(in.getSized()));
            case FALSE -> AttributeValue.fromBool(false);
            case TRUE -> AttributeValue.fromBool(true);
            case NULL -> AttributeValue.fromNul(true);
            case MAP -> AttributeValue.fromM(map(in, depth));
            case LIST -> {
                int size = in.getCount();
                var members = new ArrayList<AttributeValue>();
                for (int i = 0; i < size; i++) {
                    members.add(value(in, depth + 1));
                }
                yield AttributeValue.fromL(members);
            }
            case STRING_SET -> AttributeValue.fromSs(texts(in));
            case NUMBER_SET -> AttributeValue.fromNs(texts(in));
            case BINARY_SET -> {
                int size = in.getCount();
                var members = new ArrayList<SdkBytes>();
                for (int i = 0; i < size; i++) {
                    members.add(SdkBytes.fromByteArrayUnsafe(in.getSized()));
                }
                yield AttributeValue.fromBs(members);
            }
            default -> throw new IllegalArgumentException("an attribute has the unknown type " + type);
        };
    }

    private static List<String> texts(Bytes.Reader in) {
        int size = in.getCount();
        var members = new ArrayList<String>();
        for (int i = 0; i < size; i++) {
            members.add(text(in));
        }
        return members;
    }

    private static String text(Bytes.Reader in) {
        return new String(in.getSized(), StandardCharsets.UTF_8);
    }
}
