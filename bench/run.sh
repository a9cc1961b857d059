#!/usr/bin/env bash
# run.sh DATA WORK [RUNS] - compares Coffer with restic and borg and writes docs/performance.md. As root, for the cold cache; after ./coffer build.
# DATA is made if it is not there (6 GB); WORK needs about 20 GB.
set -euo pipefail
cd "$(dirname "$0")/.."
data=$1 work=$2 runs=${3:-3}
[ -d "$data/files/tree" ] || bench/dataset.py create "$data/files"
[ -e "$data/image/s1.raw" ] || { mkdir -p "$data/image"; bench/dataset.py image "$data/image/s0.raw"; cp "$data/image/s0.raw" "$data/image/s1.raw"; bench/dataset.py mutate-image "$data/image/s1.raw"; }
mkdir -p "$work"
rm -f "$work/results.tsv"
bench/compare.sh -d "$data" -w "$work" -o "$work/results.tsv" -r "$runs" -q 30 -a bench/coffer-adapter.sh \
    restic:restic:"$(command -v restic)" borg:borg:"$(command -v borg)" coffer:coffer:"$PWD/coffer-dist/target/coffer/bin/coffer"
bench/performance.py "$work/results.tsv" >docs/performance.md
