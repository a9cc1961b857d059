#!/usr/bin/env bash
# s3-unchanged.sh WORK [KEYS [RUNS]] - an unchanged backup of a bucket of many keys (default 1000000) beside the bare listing of it by rclone, in turns, through the whole service. The server makes the listing up; every object has one byte.
# Needs the Debian package rclone and a tree that has been built with its tests (./coffer build), or COFFER=PATH-OF-THE-LAUNCHER. The first backup, which reads every object, is timed too. Prints seconds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?usage: s3-unchanged.sh WORK [KEYS [RUNS]]}
keys=${2:-1000000} runs=${3:-3}
mkdir -p "$work"
work=$(realpath "$work")
coffer=${COFFER:-$here/../coffer}
java=${COFFER_JAVA_HOME:-${JAVA_HOME:-$(echo /usr/lib/jvm/*25*)}}/bin/java
source= server=
cleanup() {
  for pid in $source $server; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT

cd "$here/.."
"$java" -Xmx256m -XX:+UseParallelGC \
  -cp "coffer-aws/target/classes:coffer-aws/target/test-classes:coffer-testkit/target/classes:coffer-core/target/classes:coffer-dist/target/coffer/lib/*" \
  dev.coffer.aws.s3.ManyKeys serve "$keys" >"$work/source" 2>&1 &
source=$!
until grep -q 'serving on' "$work/source"; do kill -0 $source && sleep 0.1; done
endpoint=$(sed -n 's/serving on //p' "$work/source")
cat >"$work/coffer.yaml" <<YAML
sources:
  - {type: S3, endpoint: "$endpoint", accessKeyId: A, secretAccessKey: B}
YAML
rm -rf "$work/data"
"$coffer" serve --data "$work/data" --config "$work/coffer.yaml" --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
server=$!
until grep -q 'ready on' "$work/out"; do kill -0 $server && sleep 0.1; done
url=$(sed -n 's/.*ready on //p' "$work/out")
export RCLONE_CONFIG_R_TYPE=s3 RCLONE_CONFIG_R_PROVIDER=Other RCLONE_CONFIG_R_ENDPOINT=$endpoint RCLONE_CONFIG_R_LIST_VERSION=2 \
  RCLONE_CONFIG_R_ACCESS_KEY_ID=A RCLONE_CONFIG_R_SECRET_ACCESS_KEY=B RCLONE_CONFIG=/dev/null
unset AWS_CA_BUNDLE
backup() {
  python3 "$here/coffer_api.py" "$url" "$work/data/credentials" backup Default arn:aws:s3:::b \
    arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole >/dev/null 2>>"$work/jobs"
}
list() { [ "$(rclone lsf -R --files-only --fast-list r:b | wc -l)" = "$keys" ]; }
used() { awk '{ sub(/.*\) /, ""); print ($12 + $13) / 100 }' "/proc/$server/stat"; }
timed() { # LABEL COMMAND...
  local label=$1 cpu from
  shift
  cpu=$(used) from=$(date +%s.%N)
  "$@"
  python3 -c "print(f'$label\t{$(date +%s.%N) - $from:.2f} s\tserver {$(used) - $cpu:.1f} s of processor')"
}
echo "$keys keys"
timed "first backup" backup
for _ in $(seq "$runs"); do
  timed "bare listing" list
  timed "unchanged backup" backup
done
awk '/VmHWM/{print "server peak", $2 / 1024, "MiB"}' "/proc/$server/status"
