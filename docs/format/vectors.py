#!/usr/bin/env python3
"""vectors.py >vectors.txt   - the test vectors of the repository format, worked out from the pages and from nothing else. Needs the package cryptography (AES-GCM)."""
import hashlib, hmac, struct, uuid
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

M64 = (1 << 64) - 1
data_key = bytes(range(32))
vault = uuid.UUID("01234567-89ab-4def-8123-456789abcdef").bytes
salt = bytes(range(100, 132))


def put(name, value):
    print(name, value.hex() if isinstance(value, bytes) else value)


def derive(purpose, salt, length):
    info = b"coffer v1 " + purpose.encode() + vault
    key = hmac.new(salt or bytes(32), data_key, hashlib.sha256).digest()
    out, block, i = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([i]), hashlib.sha256).digest()
        out, i = out + block, i + 1
    return out[:length]


def varint(n):
    out = b""
    while n >= 0x80:
        out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
    return out + bytes([n])


def seal(key, context, at, plain, segment_bytes):
    out, segments = b"", [plain[i:i + segment_bytes] for i in range(0, len(plain), segment_bytes)] or [b""]
    for i, segment in enumerate(segments):
        nonce = bytes(4) + struct.pack(">Q", at + len(out))
        aad = context + struct.pack(">QIB", at, i, i == len(segments) - 1)
        out += AESGCM(key).encrypt(nonce, segment, aad)
    return out


def stream(length):
    return b"".join(hashlib.sha256(struct.pack(">I", i)).digest() for i in range(length // 32))


def cuts(data, low, average, high):
    gear = struct.unpack(">256Q", derive("gear", b"", 2048))
    bits = average.bit_length() - 1
    strict, loose = M64 << (64 - bits - 2) & M64, M64 << (64 - bits + 2) & M64
    ends, start = [], 0
    while start < len(data):
        h, at = 0, start + low
        while True:
            if at >= len(data) or at - start >= high:
                at = min(at, len(data))
                break
            h = (h << 1) + gear[data[at]] & M64
            at += 1
            if not h & (strict if at - start <= average else loose):
                break
        ends.append(at)
        start = at
    return ends


def mix(v):
    v = (v ^ v >> 30) * 0xBF58476D1CE4E5B9 & M64
    v = (v ^ v >> 27) * 0x94D049BB133111EB & M64
    return v ^ v >> 31


def node_hash(b):
    h = struct.unpack(">Q", derive("tree", b"", 32)[:8])[0]
    whole = len(b) // 8 * 8
    for i in range(0, whole, 8):
        h = mix(h ^ int.from_bytes(b[i:i + 8], "big"))
    return mix(mix(h ^ int.from_bytes(b[whole:], "big")) ^ len(b))


print("# Test vectors of the repository format, version 1; made by vectors.py. Each line: a name, a blank, the value; bytes in hexadecimal digits.")
put("data-key", data_key)
put("vault-id", vault)
put("salt", salt)
put("key-check", derive("key-check", b"", 32))
put("chunk-id-key", derive("chunk-id", b"", 32))
for purpose in ("pack", "index", "manifest", "control", "fact"):
    put(purpose + "-key", derive(purpose, salt, 32))
put("gear-sha256", hashlib.sha256(derive("gear", b"", 2048)).digest())
put("tree-seed", derive("tree", b"", 32)[:8])
put("fingerprint", hashlib.sha256(b"coffer key fingerprint" + data_key).hexdigest()[:32])
put("chunk-id-of-coffer", hmac.new(derive("chunk-id", b"", 32), b"coffer", hashlib.sha256).digest())
for number in (0, 127, 128, 300, (1 << 63) - 1):
    put(f"varint-{number}", varint(number))
header = b"CofferPk" + struct.pack(">HHI", 1, 0, 1024) + vault + salt
put("pack-header", header)
context = b"\x01" + struct.pack(">IB", 2500, 0)
sealed = seal(derive("pack", salt, 32), context, 64, stream(2528)[:2500], 1024)
put("sealed-chunk-sha256", hashlib.sha256(sealed).digest())
put("sealed-empty", seal(derive("pack", salt, 32), b"\x01" + struct.pack(">IB", 0, 0), 64, b"", 1024))
put("stream-sha256", hashlib.sha256(stream(1 << 20)).digest())
put("cuts-1024-4096-16384", ",".join(map(str, cuts(stream(1 << 20)[:100_000], 1024, 4096, 16384))))
put("cuts-262144-1048576-4194304", ",".join(map(str, cuts(stream(6 << 20), 256 << 10, 1 << 20, 4 << 20))))


def text(value):
    return varint(len(value.encode())) + value.encode()


def time(seconds, nanos=0):
    return struct.pack(">qI", seconds, nanos)


def fact(key, plain):
    """The whole blob."""
    header = b"CofferFt" + struct.pack(">HHI", 1, 0, 1024) + vault + salt
    blob = header + seal(derive("fact", salt, 32), header + key.encode(), 64, plain, 1024)
    return blob + hashlib.sha256(blob).digest()


hold = (text("case 4711") + text("Müller") + time(1769900000, 500_000_000) + varint(1) + text("prod")
        + varint(2) + text("EFS") + text("arn:aws:s3:::films") + b"\x01" + time(0) + time(1767225600))
put("lock-none", fact("locks/000000000001", b"\x00"))
put("lock-governance", fact("locks/000000000002", b"\x01" + varint(8) + varint(0)))
put("lock-compliance", fact("locks/000000000300", b"\x02" + varint(0) + varint(36501) + time(1772323200, 123_000_000)))
put("lifecycle-never", fact("lifecycles/one/000000000001", varint(0) + varint(0) + b"\x00"))
put("lifecycle-days", fact("lifecycles/one/000000000002", varint(31) + varint(201) + b"\x02"))
put("hold-in-force", fact("holds/case-1/000000000001", hold))
put("hold-cancelled", fact("holds/case-1/000000000002", hold + time(1772323200) + text("settled") + time(1787875200)))
put("hold-of-all", fact("holds/case-2/000000000001", text("t") + text("d") + time(-1) + varint(0) + varint(0) + b"\x00"))
put("node-hash-of-coffer", struct.pack(">Q", node_hash(b"coffer")))
put("node-hash-of-a-longer-path", struct.pack(">Q", node_hash(b"a/longer/path")))
