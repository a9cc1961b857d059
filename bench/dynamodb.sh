#!/usr/bin/env bash
# dynamodb.sh - Coffer's backup and restore of a DynamoDB table beside a bare parallel scan and copy with the AWS SDK, against one server in one run.
#
# usage: dynamodb.sh WORK [ITEMS [BYTES]]
#   WORK     scratch folder; needs about three times the data
#   ITEMS, BYTES   how many items of about how many bytes; default 300000 of 1000
#
# After ./coffer build, or with COFFER=PATH-OF-THE-LAUNCHER. The server is the test kit's, in a process of its own, with all items in memory (about ten times their size). Every client is a Java process that has just started; its start is not counted, that of a
# bare client is taken from a scan of an empty table. Coffer's time is from StartBackupJob until COMPLETED is seen: read, sorted, compressed, encrypted, synced. SEGMENTS (default 4) is the same on both sides. RUNS (default 1) repeats all; XMX is the server's heap.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?usage: dynamodb.sh WORK [ITEMS [BYTES]]}
items=${2:-300000} bytes=${3:-1000} segments=${SEGMENTS:-4} runs=${RUNS:-1} port=${PORT:-7483}
mkdir -p "$work"
work=$(realpath "$work")
coffer=${COFFER:-$here/../coffer}
java=${COFFER_JAVA_HOME:-${JAVA_HOME:-$(echo /usr/lib/jvm/*25*)}}/bin/java
classes=(-cp "$here/../coffer-bench/target/classes:$(cat "$here/../coffer-bench/target/class-path")" dev.coffer.bench.dynamodb.Tables)
source= server=
cleanup() {
  for pid in $source $server; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT

"$java" "-Xmx${XMX:-8g}" "${classes[@]}" serve "$port" "$items" "$bytes" >"$work/source" 2>&1 &
source=$!
until grep -q ready "$work/source"; do kill -0 $source && sleep 0.2; done

mkdir -p "$work/coffer"
cat >"$work/coffer/coffer.yaml" <<YAML
sources:
  - {type: DynamoDB, endpoint: "http://127.0.0.1:$port", accessKeyId: AKIABENCH, secretAccessKey: secret, segments: $segments}
YAML
role=arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
start() {
  rm -rf "$work/coffer/data"
  "$coffer" serve --data "$work/coffer/data" --config "$work/coffer/coffer.yaml" --listen 127.0.0.1:0 >"$work/coffer/out" 2>"$work/coffer/log" &
  server=$!
  until grep -q 'ready on' "$work/coffer/out"; do kill -0 $server && sleep 0.1; done
  url=$(sed -n 's/.*ready on //p' "$work/coffer/out")
}
api() { python3 "$here/coffer_api.py" "$url" "$work/coffer/data/credentials" "$@" 2>>"$work/coffer/jobs"; }
backup() { api backup Default "arn:aws:dynamodb:eu-west-1:111122223333:table/$1" "$role" >"$work/point"; }
restore() { api restore "$(cat "$work/point")" "$role" "{\"targetTableName\": \"$1\"}" >/dev/null; }
drop() { curl -s -o /dev/null -H 'X-Amz-Target: DynamoDB_20120810.DeleteTable' -d "{\"TableName\":\"$1\"}" "http://127.0.0.1:$port/"; }
bare() { "$java" "${classes[@]}" "$1" "http://127.0.0.1:$port" "$segments" "${2:-bench}" >/dev/null; }
ticks() { # processor time of Coffer's server, or of the clients that have ended
  if [ -n "$server" ]; then awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$server/stat"; else awk '{sub(/.*\) /, ""); print $14 + $15}' "/proc/$$/stat"; fi
}
timed() { # LABEL COMMAND...
  local label=$1 from used=${lessticks:-0}
  shift
  sync
  used=$(($(ticks) + used)) from=$(date +%s.%N)
  "$@"
  python3 -c "
t = $(date +%s.%N) - $from - ${less:-0}
print(f'$label\t{t:.2f} s\t{$items / t:.0f} items/s\t{$items * $bytes / t / 1048576:.1f} MB/s\tprocessor {($(ticks) - $used) / 100:.2f} s')"
}
startless() { # what the start of a bare client takes
  local from used
  used=$(ticks) from=$(date +%s.%N)
  bare scan empty
  less=$(python3 -c "print($(date +%s.%N) - $from)") lessticks=$(($(ticks) - used))
}

bare scan >/dev/null # the server's own warming up
for run in $(seq "$runs"); do
  echo "run $run: $items items of $bytes bytes, $segments segments"
  startless
  timed "bare scan" bare scan
  less=0 lessticks=0
  start
  timed "coffer backup" backup bench
  timed "coffer unchanged" backup bench
  timed "coffer restore" restore again
  drop again
  timed "coffer backup, streamed" backup streamed
  awk '/VmHWM/{print "coffer peak", $2 / 1024, "MiB"}' "/proc/$server/status"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  startless
  timed "bare copy" bare write
  less=0 lessticks=0
done
