#!/usr/bin/env bash
# kernels.sh [JMH options] - what each kernel of the engine reaches alone, in MiB/s of plaintext in one thread. After ./coffer build.
set -euo pipefail
cd "$(dirname "$0")/.."
java=${COFFER_JAVA_HOME:-${JAVA_HOME:-$(echo /usr/lib/jvm/*25*)}}/bin/java
run() {
    "$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "coffer-bench/target/classes:$(cat coffer-bench/target/class-path)" org.openjdk.jmh.Main "$@"
}
run 'KernelBenchmark.(chunk|name|digest|seal)$' -p zstdLevel=1 -p content=random "$@"
run 'KernelBenchmark.(compress|in|out)$' "$@"
