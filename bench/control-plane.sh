#!/usr/bin/env bash
# control-plane.sh [WORK [RESOURCES [POINTS]]] - the control plane under large numbers: the minute at which a plan with 10 000 resources is due, and the pages of all lists with a million recovery points and
# jobs. After ./coffer build. WORK (default: a folder in /tmp that is removed) needs about 4 GB; a WORK that is kept is filled once. Prints the tables of docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-}
if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
java=${COFFER_JAVA_HOME:-${JAVA_HOME:-$(echo /usr/lib/jvm/*25*)}}/bin/java
run() {
    "$java" -Xmx1g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "coffer-bench/target/classes:$(cat coffer-bench/target/class-path)" \
        dev.coffer.bench.control.ControlPlane "$@" 2>>"$work/log"
}
mkdir -p "$work"
rm -rf "$work/due"
run due "$work/due" "${2:-10000}"
rm -rf "$work/due"
run fill "$work/pages" "${3:-1000000}"
run pages "$work/pages"
