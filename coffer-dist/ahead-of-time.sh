#!/bin/sh
# Makes lib/coffer.aot of a distribution: runs its demo once, which starts a server on loopback, backs a sample tree up on several days and restores it in a folder that is thrown away, and keeps
# the classes that were loaded and linked and what was learned of the methods that were busy.
# usage: ahead-of-time.sh DISTRIBUTION. Without the file everything works too, so a failure is told and is none.
set -u
cd "$1" || exit 1
rm -f lib/coffer.aot
log=$(mktemp)
COFFER_JAVA_OPTS="-XX:AOTCacheOutput=$1/lib/coffer.aot" bin/coffer demo --exit --days 8 >"$log" 2>&1
[ -f lib/coffer.aot ] || { echo "no classes were loaded ahead of time:" && tail -5 "$log"; }
rm -f "$log"
exit 0
