#!/usr/bin/env python3
"""usage: performance.py RESULTS.tsv >docs/performance.md   - the page of figures, from one run of compare.sh with the tools coffer, restic and borg"""
import csv, os, platform, statistics, subprocess, sys
from collections import defaultdict

GOALS = {"full": 1 / 4, "unchanged": 1 / 2, "mutated": 1 / 3, "restore": 1 / 2, "check": 1 / 2, "image-full": 1 / 3, "image-mutated": 1 / 2}
NAMES = {"full": "first full backup, 4 GB mixed tree", "unchanged": "unchanged tree", "mutated": "next day of the tree", "restore": "full restore",
         "prune": "two points deleted and their space freed", "check": "verification of all data", "image-full": "2 GiB disk image, full",
         "image-mutated": "2 GiB disk image, next day", "image-restore": "2 GiB disk image, restore"}
groups = defaultdict(list)
for row in csv.DictReader(open(sys.argv[1]), delimiter="\t"):
    groups[row["tool"], row["step"]].append(row)


def median(tool, step, *keys):
    return statistics.median(sum(float(r[k]) for k in keys) for r in groups[tool, step])


runs = min(len(g) for g in groups.values())
head = open(os.path.join(os.path.dirname(__file__), "performance-head.md")).read()
print(head.format(runs=runs, cpus=os.cpu_count(), kernel=platform.release(),
                  restic=subprocess.run(["restic", "version"], capture_output=True, text=True).stdout.split()[1],
                  borg=subprocess.run(["borg", "--version"], capture_output=True, text=True).stdout.split()[1]))
print("| step | Coffer s | restic s | borg s | Coffer / faster | goal | CPU s: Coffer, restic, borg | stored MiB: Coffer, smaller | Coffer's peak MiB |")
print("|---|---|---|---|---|---|---|---|---|")
rows = [(step, name, ["wall_s"]) for step, name in NAMES.items()]
# Coffer's restore ends when all is on the disk; the others leave that to the kernel.
rows.insert(1 + list(NAMES).index("restore"), ("restore", "full restore, with the sync behind it", ["wall_s", "sync_s"]))
for step, name, times in rows:
    wall = {t: median(t, step, *times) for t in ("coffer", "restic", "borg")}
    cpu = {t: median(t, step, "user_s", "sys_s") for t in wall}
    repo = {t: median(t, step, "repo_bytes") / 2**20 for t in wall}
    best, small = min(wall["restic"], wall["borg"]), min(repo["restic"], repo["borg"])
    goal = f"{GOALS[step]:.2f}" if step in GOALS and times == ["wall_s"] else ""
    print(f"| {name} | {wall['coffer']:.1f} | {wall['restic']:.1f} | {wall['borg']:.1f} | {wall['coffer'] / best:.2f} | {goal} | "
          f"{cpu['coffer']:.1f}, {cpu['restic']:.1f}, {cpu['borg']:.1f} | {repo['coffer']:.0f}, {small:.0f} ({(repo['coffer'] / small - 1) * 100:+.1f} %) | "
          f"{median('coffer', step, 'maxrss_kb') / 1024:.0f} |")
tail = os.path.join(os.path.dirname(__file__), "performance-tail.md")
print("\n" + open(tail).read(), end="")
