#!/usr/bin/env python3
"""Deterministic mixed data set for backup benchmarks (standard library only).

usage:
  dataset.py create   DIR [--scale S] [--seed N]   write DIR/tree (~4 GiB at scale 1)
  dataset.py mutate   TREE [--seed N]              the "next day": change TREE in place
  dataset.py reset    PRISTINE TREE                make TREE equal to PRISTINE again, copying only
                                               what differs (size, mtime, link target)
  dataset.py image    FILE [--scale S] [--seed N]  one disk image (2 GiB at scale 1), no holes
  dataset.py mutate-image FILE [--seed N]          change ~1 % of its bytes in place
  dataset.py manifest TREE                         print "sha256  path" of all regular files, sorted
  dataset.py stats    TREE                         file count, logical bytes, allocated bytes

The same seed and scale give the same bytes, names and mtimes on every machine and every
CPython >= 3.9.  What the tree contains (scale 1):

  src/      40,000 small source/text files, log-normal size (median ~4 KiB)   compressible
  data/     48 JSON/CSV files of 4-16 MiB                                     compressible
  logs/     12 log files of 32 MiB                                            very compressible
  media/    200 blobs of 1-6 MiB and 6 of 48-80 MiB, uniformly random         incompressible
  vm/       disk.img, 1.5 GiB logical, ~30 % holes; data base pages, text,    mixed
            random extents, and 4 KiB-aligned copies of files of the tree
  copies/   byte-identical copies of a part of src/, media/, and JSON files   duplicates
            with lines inserted near the front (shifted duplicates)

mutate: rewrites ~1 % of disk.img in place (80 % of those bytes in extents of 64-512 KiB, 20 %
in single 4 KiB blocks), appends ~6 % to the logs, edits, removes, adds, renames 1 % of src/ each
(and renames one whole directory), inserts rows into two CSV files, replaces two media blobs.
"""
import argparse, hashlib, os, random, shutil, subprocess, sys, time
from itertools import accumulate

MiB = 1 << 20
KiB = 1 << 10
BASE_MTIME = 1_700_000_000


def rng(seed, *name):
    return random.Random(":".join([str(seed), *map(str, name)]))


class Text:
    """Zipf-distributed pseudo words; source-like, JSON, CSV, log and page content."""

    def __init__(self, seed):
        r = rng(seed, "vocabulary")
        cons, vow = "bcdfghklmnprstvwz", "aeiou"
        words = set()
        while len(words) < 12000:
            words.add("".join(r.choice(cons) + r.choice(vow) for _ in range(r.randint(1, 4)))
                      + r.choice(["", "", "n", "s", "r", "ing", "ed"]))
        self.words = sorted(words)
        r.shuffle(self.words)
        self.cum = list(accumulate(1.0 / (i + 2.7) for i in range(len(self.words))))

    def source(self, r, size):
        out, n = [], 0
        glue = ["\n", "\n    ", " = ", "(", ");\n", ", ", ".", " {\n        ", "}\n", " -> ",
                " // ", " ", " ", " ", " "]
        while n < size:
            ws = r.choices(self.words, cum_weights=self.cum, k=400)
            gs = r.choices(glue, k=400)
            s = "".join([a + b for a, b in zip(ws, gs)])
            out.append(s)
            n += len(s)
        return "".join(out).encode()[:size]

    def json(self, r, size, first=0):
        out, n, i = [], 0, first
        while n < size:
            w = r.choices(self.words, cum_weights=self.cum, k=6)
            s = (f'{{"id":{i},"uuid":"{r.getrandbits(128):032x}","name":"{w[0]} {w[1]}",'
                 f'"tags":["{w[2]}","{w[3]}"],"amount":{r.random() * 1e4:.2f},'
                 f'"status":"{"active" if r.random() < .8 else "closed"}",'
                 f'"note":"{w[4]} {w[5]}","updated":{BASE_MTIME + i * 7}}}\n')
            out.append(s)
            n += len(s)
            i += 1
        return "".join(out).encode()[:size]

    def csv(self, r, size, first=0):
        out, n, i = [], 0, first
        while n < size:
            s = (f"{i},{BASE_MTIME + i * 60},{r.gauss(20, 5):.3f},{r.gauss(1013, 8):.2f},"
                 f"{r.randint(0, 4095)},{r.randint(0, 9)},{'OK' if r.random() < .97 else 'ERR'}\n")
            out.append(s)
            n += len(s)
            i += 1
        return "".join(out).encode()[:size]

    def log(self, r, size, first=0):
        out, n, i = [], 0, first
        while n < size:
            w = r.choices(self.words, cum_weights=self.cum, k=3)
            s = (f"2026-03-{1 + i // 86400 % 28:02d}T{i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d}."
                 f"{r.randint(0, 999):03d}Z {'INFO' if r.random() < .9 else 'WARN'} "
                 f"[{w[0]}-{r.randint(1, 32)}] 10.{r.randint(0, 3)}.{r.randint(0, 255)}.{r.randint(1, 254)} "
                 f"GET /{w[1]}/{w[2]}?id={r.randint(1, 999999)} 200 {r.randint(200, 90000)} {r.random() * 80:.3f}ms\n")
            out.append(s)
            n += len(s)
            i += 1
        return "".join(out).encode()[:size]

    def pages(self, r, size, first=0):
        """4 KiB data base pages: header, packed rows, ~25 % free space, slot table."""
        out = []
        for p in range(first, first + (size + 4095) // 4096):
            used = r.randint(2400, 3600)
            body = self.json(r, used // 2, p * 31) + r.randbytes(used // 6)
            page = p.to_bytes(8, "little") + b"PAGE" + r.getrandbits(32).to_bytes(4, "little") + body
            slots = b"".join((16 + 101 * k).to_bytes(2, "little") for k in range(20))
            out.append(page + bytes(4096 - len(page) - len(slots)) + slots)
        return b"".join(out)[:size]


def put(path, data, mtime):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    os.utime(path, (mtime, mtime))


def random_file(path, r, size, mtime):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        left = size
        while left:
            n = min(left, MiB)
            f.write(r.randbytes(n))
            left -= n
    os.utime(path, (mtime, mtime))


def write_image(path, text, r, size, tree, holes):
    """Extents of 64 KiB - 4 MiB of one kind each, block-aligned."""
    sources = []
    if tree:
        for d in ("media", "data", "logs"):
            sources += [os.path.join(tree, d, n) for n in sorted(os.listdir(os.path.join(tree, d)))]
    with open(path, "wb") as f:
        pos = page = 0
        while pos < size:
            n = min(size - pos, r.choice([64, 128, 256, 512, 1024, 2048, 4096]) * KiB)
            x = r.random()
            if x < .30:
                if not holes:
                    f.write(bytes(n))
                else:
                    f.seek(n, 1)
            elif x < .33:
                f.write(bytes(n))
            elif x < .55:
                f.write(text.pages(r, n, page))
                page += n // 4096
            elif x < .70:
                f.write(text.source(r, n))
            elif x < .78:
                f.write(text.log(r, n, pos))
            elif x < .88 and sources:
                with open(r.choice(sources), "rb") as s:
                    top = max(0, os.fstat(s.fileno()).st_size - n)
                    s.seek(r.randint(0, top) // 4096 * 4096)
                    b = s.read(n)
                f.write(b + bytes(n - len(b)))
            else:
                f.write(r.randbytes(n))
            pos += n
        f.truncate(size)
    os.utime(path, (BASE_MTIME, BASE_MTIME))


def create(root, seed, scale):
    tree = os.path.join(root, "tree")
    if os.path.exists(tree):
        sys.exit(f"{tree} exists")
    text = Text(seed)
    n_src = int(40000 * scale)
    exts = ["java", "py", "md", "txt", "html", "xml", "sh", "h"]
    small = []
    for i in range(n_src):
        r = rng(seed, "src", i)
        size = max(32, min(256 * KiB, int(r.lognormvariate(8.35, 1.15))))
        p = f"src/p{i % 37:02d}/m{i // 37 % 60:02d}/f{i:05d}.{exts[r.randrange(8)]}"
        put(os.path.join(tree, p), text.source(r, size), BASE_MTIME + i)
        small.append(p)
    data = []
    for i in range(max(2, int(48 * scale))):
        r = rng(seed, "data", i)
        kind = "json" if i % 2 else "csv"
        p = f"data/t{i:02d}.{kind}"
        put(os.path.join(tree, p), getattr(text, kind)(r, r.randint(4 * MiB, 16 * MiB)), BASE_MTIME + i)
        data.append(p)
    for i in range(max(1, int(12 * scale))):
        r = rng(seed, "log", i)
        put(os.path.join(tree, f"logs/app{i:02d}.log"), text.log(r, 32 * MiB, i * 10**6), BASE_MTIME + i)
    media = []
    for i in range(max(2, int(206 * scale))):
        r = rng(seed, "media", i)
        size = r.randint(48 * MiB, 80 * MiB) if i % 34 == 33 else r.randint(MiB, 6 * MiB)
        p = f"media/b{i:03d}.bin"
        random_file(os.path.join(tree, p), r, size, BASE_MTIME + i)
        media.append(p)
    os.makedirs(os.path.join(tree, "vm"))
    write_image(os.path.join(tree, "vm/disk.img"), text, rng(seed, "image"),
                int(1536 * scale) * MiB, tree, holes=True)
    # duplicates: identical ones, and ones shifted by lines inserted near the front
    for p in small[::7] + media[::9]:
        q = os.path.join(tree, "copies", p)
        os.makedirs(os.path.dirname(q), exist_ok=True)
        shutil.copyfile(os.path.join(tree, p), q)
        os.utime(q, (BASE_MTIME, BASE_MTIME))
    for i, p in enumerate(data[1::6]):
        with open(os.path.join(tree, p), "rb") as f:
            b = f.read()
        head = text.json(rng(seed, "shift", i), 700)
        put(os.path.join(tree, "copies", p), head + b"\n" + b, BASE_MTIME)
    for d, _, _ in os.walk(tree, topdown=False):
        os.utime(d, (BASE_MTIME, BASE_MTIME))


def image(path, seed, scale):
    write_image(path, Text(seed), rng(seed, "stdin-image"), int(2048 * scale) * MiB, None, holes=False)


def mutate_blocks(path, r, text, fraction=0.01):
    size = os.path.getsize(path)
    budget = int(size * fraction)
    with open(path, "r+b") as f:
        left = budget * 8 // 10
        while left > 0:
            n = min(size, r.choice([64, 128, 256, 512]) * KiB)
            f.seek(r.randrange(0, max(1, (size - n) // 4096)) * 4096)
            f.write(text.pages(r, n) if r.random() < .6 else r.randbytes(n))
            left -= n
        left = budget * 2 // 10
        while left > 0:
            f.seek(r.randrange(0, size // 4096) * 4096)
            f.write(text.pages(r, 4096) if r.random() < .6 else r.randbytes(4096))
            left -= 4096


def mutate(tree, seed):
    text, r, t = Text(seed), rng(seed, "mutate"), BASE_MTIME + 86400
    path = os.path.join(tree, "vm/disk.img")
    mutate_blocks(path, r, text)
    os.utime(path, (t, t))
    for n in sorted(os.listdir(os.path.join(tree, "logs"))):
        p = os.path.join(tree, "logs", n)
        with open(p, "ab") as f:
            f.write(text.log(r, 2 * MiB, 5 * 10**6))
        os.utime(p, (t, t))
    small = sorted(os.path.join(d, n) for d, _, ns in os.walk(os.path.join(tree, "src")) for n in ns)
    k = max(1, len(small) // 100)
    pick = r.sample(small, 4 * k)
    for p in pick[:k]:                                   # edit: insert a line in the middle
        with open(p, "rb") as f:
            b = f.read()
        m = r.randint(0, len(b))
        put(p, b[:m] + text.source(r, r.randint(20, 200)) + b"\n" + b[m:], t)
    for p in pick[k:2 * k]:                              # remove
        os.remove(p)
    for p in pick[2 * k:3 * k]:                          # rename, mtime kept
        os.rename(p, p + ".renamed")
    for p in pick[3 * k:]:                               # touch only
        os.utime(p, (t, t))
    for i in range(k):                                   # add
        put(os.path.join(tree, f"src/new/n{i:05d}.txt"),
            text.source(r, max(32, min(256 * KiB, int(r.lognormvariate(8.35, 1.15))))), t)
    os.rename(os.path.join(tree, "src/p00"), os.path.join(tree, "src/p00-moved"))
    for n in sorted(x for x in os.listdir(os.path.join(tree, "data")) if x.endswith(".csv"))[:2]:
        p = os.path.join(tree, "data", n)                # insert rows near the front
        with open(p, "rb") as f:
            b = f.read()
        m = b.index(b"\n", len(b) // 5) + 1
        put(p, b[:m] + text.csv(r, 30000) + b"\n" + b[m:], t)
    for n in sorted(os.listdir(os.path.join(tree, "media")))[:2]:
        p = os.path.join(tree, "media", n)
        random_file(p, r, os.path.getsize(p), t)


def listing(tree):
    out = {}
    for d, ds, ns in os.walk(tree):
        for n in ds + ns:
            p = os.path.join(d, n)
            out[os.path.relpath(p, tree)] = os.lstat(p)
    return out


def reset(pristine, tree):
    os.makedirs(tree, exist_ok=True)
    want, have = listing(pristine), listing(tree)
    for p in sorted(have.keys() - want.keys(), reverse=True):
        q = os.path.join(tree, p)
        os.rmdir(q) if os.path.isdir(q) else os.remove(q)
    dirs = []
    for p in sorted(want):
        s, q = want[p], os.path.join(tree, p)
        if os.path.isdir(os.path.join(pristine, p)):
            os.makedirs(q, exist_ok=True)
            dirs.append((q, s))
        elif p not in have or (have[p].st_size, have[p].st_mtime_ns) != (s.st_size, s.st_mtime_ns):
            if p in have:
                os.remove(q)
            if s.st_blocks * 512 < s.st_size:
                subprocess.run(["cp", "--sparse=always", os.path.join(pristine, p), q], check=True)
            else:
                shutil.copyfile(os.path.join(pristine, p), q)
            os.utime(q, ns=(s.st_mtime_ns, s.st_mtime_ns))
    for q, s in reversed(dirs):
        os.utime(q, ns=(s.st_mtime_ns, s.st_mtime_ns))
    # let the newest ctime be that of one small file: borg does not trust the files with the newest
    # ctime in the next run, and would read the whole image again because it was copied last
    time.sleep(0.1)
    p = min((p for p in want if os.path.isfile(os.path.join(tree, p))), key=lambda p: (want[p].st_size, p))
    os.utime(os.path.join(tree, p), ns=(want[p].st_mtime_ns, want[p].st_mtime_ns))


def manifest(tree):
    for p in sorted(q for q, s in listing(tree).items() if os.path.isfile(os.path.join(tree, q))):
        h = hashlib.sha256()
        with open(os.path.join(tree, p), "rb") as f:
            while b := f.read(4 * MiB):
                h.update(b)
        print(h.hexdigest(), "", p)


def stats(tree):
    n = size = alloc = 0
    for p, s in listing(tree).items():
        if os.path.isfile(os.path.join(tree, p)):
            n, size, alloc = n + 1, size + s.st_size, alloc + s.st_blocks * 512
    print(f"files={n} logical_bytes={size} allocated_bytes={alloc}")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("command", choices=["create", "mutate", "reset", "image", "mutate-image", "manifest", "stats"])
    a.add_argument("path")
    a.add_argument("path2", nargs="?")
    a.add_argument("--seed", type=int, default=20260)
    a.add_argument("--scale", type=float, default=1.0)
    o = a.parse_args()
    if o.command == "create":
        create(o.path, o.seed, o.scale)
    elif o.command == "mutate":
        mutate(o.path, o.seed)
    elif o.command == "reset":
        reset(o.path, o.path2 or a.error("reset needs PRISTINE and TREE"))
    elif o.command == "image":
        image(o.path, o.seed, o.scale)
    elif o.command == "mutate-image":
        mutate_blocks(o.path, rng(o.seed, "mutate-image"), Text(o.seed))
    elif o.command == "manifest":
        manifest(o.path)
    else:
        stats(o.path)


if __name__ == "__main__":
    main()
