#!/usr/bin/env python3
"""usage: summarize.py RESULTS.tsv   - medians over the runs of compare.sh, as Markdown tables"""
import csv, statistics, sys
from collections import defaultdict

rows = list(csv.DictReader(open(sys.argv[1]), delimiter="\t"))
groups = defaultdict(list)
tools, steps = [], []
for r in rows:
    groups[r["tool"], r["step"]].append(r)
    tools += [r["tool"]] if r["tool"] not in tools else []
    steps += [r["step"]] if r["step"] not in steps else []
print("| step | tool | runs | wall s (min-max) | CPU s (user+sys) | peak RSS MiB | sync s | repo MiB | repo files | disk R/W MiB | other CPU s |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for s in steps:
    for t in tools:
        g = groups.get((t, s))
        if not g:
            continue
        m = lambda k: statistics.median(float(r[k]) for r in g)
        w = [float(r["wall_s"]) for r in g]
        cpu = statistics.median(float(r["user_s"]) + float(r["sys_s"]) for r in g)
        bad = "" if all(r["status"] == "0" for r in g) else " FAILED"
        print(f"| {s} | {t}{bad} | {len(g)} | {m('wall_s'):.1f} ({min(w):.1f}-{max(w):.1f}) | {cpu:.1f} | "
              f"{m('maxrss_kb') / 1024:.0f} | {m('sync_s'):.1f} | {m('repo_bytes') / 2**20:.0f} | "
              f"{m('repo_files'):.0f} | {m('disk_read_mb'):.0f}/{m('disk_write_mb'):.0f} | {m('other_cpu_s'):.1f} |")
