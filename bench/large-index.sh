#!/usr/bin/env bash
# large-index.sh [CHUNKS [FOLDER]] - the local index with many chunks (default 50 million, 2.4 GB in /tmp) in 512 MiB of heap.
# Needs a tree that has been built with its tests: ./coffer build
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${2:-$(mktemp -d)}
trap 'rm -rf "$folder"' EXIT
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -Xmx512m -XX:+UseParallelGC -cp "coffer-repository/target/classes:coffer-repository/target/test-classes:coffer-core/target/classes:coffer-dist/target/coffer/lib/*" \
    dev.coffer.repository.index.LargeIndexBench "$folder" "${1:-50000000}"
