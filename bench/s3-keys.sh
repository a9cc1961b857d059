#!/usr/bin/env bash
# s3-keys.sh [KEYS [EVERY]] - the S3 connector over a listing of many keys (default 10 million, of which every 1000th is new and read) in 256 MiB of heap, in which the server that makes the listing up is too.
# Needs a tree that has been built with its tests: ./coffer build
set -euo pipefail
cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -Dlogback.configurationFile=coffer-dist/src/test/resources/logback-test.xml -Xmx256m -XX:+UseParallelGC \
  -cp "coffer-aws/target/classes:coffer-aws/target/test-classes:coffer-testkit/target/classes:coffer-core/target/classes:coffer-dist/target/coffer/lib/*" \
  dev.coffer.aws.s3.ManyKeys "${1:-10000000}" "${2:-1000}"
