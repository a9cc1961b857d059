#!/usr/bin/env bash
# metadata.sh [FILES [FOLDER]] - points with so many items (default 1000000) in 256 MiB of heap: capture, capture again, list, find, compare; what each reads. After ./coffer build. Prints rows of docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${2:-$(mktemp -d)}
trap 'rm -rf "$folder"' EXIT
java=${COFFER_JAVA_HOME:-${JAVA_HOME:-$(echo /usr/lib/jvm/*25*)}}/bin/java
"$java" -Xmx256m -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "coffer-bench/target/classes:$(cat coffer-bench/target/class-path)" dev.coffer.bench.metadata.MetadataBench "$folder" "${1:-1000000}"
