#!/bin/sh
# Makes lib/coffer.aot of a distribution: starts its server once, on loopback and in a folder that is thrown away, and keeps the classes that were loaded and linked.
# usage: ahead-of-time.sh DISTRIBUTION. Without the file everything works too, so a failure is told and is none.
set -u
cd "$1" || exit 1
rm -f lib/coffer.aot
work=$(mktemp -d)
COFFER_JAVA_OPTS=-XX:AOTCacheOutput=$1/lib/coffer.aot bin/coffer serve --data "$work/data" --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
server=$!
until grep -q 'ready on' "$work/out" || ! kill -0 "$server" 2>/dev/null; do sleep 0.1; done
kill "$server" 2>/dev/null
wait "$server"
[ -f lib/coffer.aot ] || { echo "no classes were loaded ahead of time:" && tail -5 "$work/log"; }
rm -rf "$work"
exit 0
