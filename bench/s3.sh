#!/usr/bin/env bash
# s3.sh - Coffer's backup of S3 buckets beside `rclone copy`, on one Ceph RGW in one run.
#
# usage: s3.sh WORK [SMALL_COUNT [LARGE_COUNT [LARGE_MIB]]]
#   WORK     scratch folder; needs about three times the data
#   counts   default 100000 objects of 8 KiB, and 16 of 256 MiB; 0 leaves a set out
#
# Needs Debian packages rclone and python3, and root for the gateway's packages; `./coffer build` first, or COFFER=PATH-OF-THE-LAUNCHER. Each side reads the same bucket to local disk: rclone into files, Coffer as a job through the API into a vault
# (cut, compressed, encrypted, synced), and puts it into a new bucket: rclone from its files, Coffer from the vault. The gateway keeps its data in memory. Prints seconds, objects/s and MiB/s, the unchanged run and the bare listing beside it, the load of the machine before
# each step, and the processor seconds of the server. Runs take turns; RUNS (default 1) repeats them, each with a new server and an empty vault.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?usage: s3.sh WORK [SMALL_COUNT [LARGE_COUNT [LARGE_MIB]]]}
small=${2:-100000} large=${3:-16} mib=${4:-256} runs=${RUNS:-1}
mkdir -p "$work"
work=$(realpath "$work")
rgw=$here/../coffer-testkit/src/main/resources/dev/coffer/testkit/s3/ceph-rgw.sh
coffer=${COFFER:-$here/../coffer}
port=${RGW_PORT:-7481}
export COFFER_RGW_BYTES=$(((small * 16384 + large * mib * 1048576) * (2 + 2 * runs) + (4 << 30)))
bash "$rgw" install
bash "$rgw" start "$work/rgw" "$port" "${RGW_MON_PORT:-40791}"
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; }
  bash "$rgw" stop "$work/rgw"
}
trap cleanup EXIT

export RCLONE_CONFIG_R_TYPE=s3 RCLONE_CONFIG_R_PROVIDER=Ceph RCLONE_CONFIG_R_ENDPOINT=http://127.0.0.1:$port \
  RCLONE_CONFIG_R_ACCESS_KEY_ID=COFFERKEY RCLONE_CONFIG_R_SECRET_ACCESS_KEY=coffersecret RCLONE_CONFIG=/dev/null
unset AWS_CA_BUNDLE # rclone 1.60 cannot combine it with its own transport
rclone_() { rclone --transfers 24 --checkers 24 --fast-list --quiet "$@"; }

# Every object differs; half of each is compressible text.
python3 - "$work/data" "$small" "$large" "$mib" <<'P'
import os, random, sys
root, small, large, mib = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rng = random.Random(1)
words = [bytes(rng.choices(b"abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 9))) for _ in range(5000)]
text = b" ".join(rng.choices(words, k=400000))
def block(size):
    at = rng.randrange(len(text) - size // 2)
    return text[at:at + size // 2] + rng.randbytes(size - size // 2)
for i in range(small):
    folder = f"{root}/small/{i // 1000:04d}"
    if i % 1000 == 0:
        os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{i:07d}", "wb") as out:
        out.write(block(8192))
os.makedirs(f"{root}/large", exist_ok=True)
for i in range(large):
    with open(f"{root}/large/{i:03d}", "wb") as out:
        for _ in range(mib):
            out.write(block(1 << 20))
P
sets=
[ "$small" = 0 ] || sets=small
[ "$large" = 0 ] || sets="$sets large"
for set in $sets; do
  rclone_ mkdir "r:bench-$set"
  rclone_ copy "$work/data/$set" "r:bench-$set"
done
rm -rf "$work/data"

mkdir -p "$work/coffer"
cat >"$work/coffer/coffer.yaml" <<YAML
sources:
  - {type: S3, endpoint: "http://127.0.0.1:$port", accessKeyId: COFFERKEY, secretAccessKey: coffersecret}
YAML
role=arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
start() {
  rm -rf "$work/coffer/data"
  "$coffer" serve --data "$work/coffer/data" --config "$work/coffer/coffer.yaml" --listen 127.0.0.1:0 >"$work/coffer/out" 2>"$work/coffer/log" &
  server=$!
  until grep -q 'ready on' "$work/coffer/out"; do kill -0 $server && sleep 0.1; done
  url=$(sed -n 's/.*ready on //p' "$work/coffer/out")
}
backup() {
  python3 "$here/coffer_api.py" "$url" "$work/coffer/data/credentials" backup Default "arn:aws:s3:::$1" \
    "$role" >"$work/coffer/point" 2>>"$work/coffer/jobs"
}
restore() {
  python3 "$here/coffer_api.py" "$url" "$work/coffer/data/credentials" restore "$(cat "$work/coffer/point")" "$role" \
    "{\"DestinationBucketName\": \"$1\", \"NewBucket\": \"true\"}" >/dev/null 2>>"$work/coffer/jobs"
}
list() { rclone_ lsf -R --files-only "r:$1" >"$work/listing"; }
used() { awk '{ sub(/.*\) /, ""); print ($12 + $13) / 100 }' "/proc/$server/stat"; }
timed() { # LABEL OBJECTS MIB COMMAND...
  local label=$1 objects=$2 size=$3 from
  shift 3
  sync
  load=$(cut -d' ' -f1 /proc/loadavg) cpu=$(used)
  from=$(date +%s.%N)
  "$@"
  python3 -c "t = $(date +%s.%N) - $from; print(f'$label\t{t:.2f} s\t{$objects / t:.0f} objects/s\t{$size / t:.1f} MiB/s\tload $load\tserver {$(used) - $cpu:.1f} s of processor')"
}

for run in $(seq "$runs"); do
  echo "run $run"
  start
  for set in $sets; do
    [ $set = small ] && objects=$small size=$((small * 8 / 1024)) || { objects=$large; size=$((large * mib)); }
    rm -rf "$work/copy"
    timed "$set rclone copy" "$objects" "$size" rclone_ copy "r:bench-$set" "$work/copy"
    timed "$set coffer" "$objects" "$size" backup "bench-$set"
    timed "$set bare listing" "$objects" 0 list "bench-$set"
    timed "$set coffer unchanged" "$objects" 0 backup "bench-$set"
    rclone_ mkdir "r:copy-$set-$run"
    timed "$set rclone copy back" "$objects" "$size" rclone_ copy "$work/copy" "r:copy-$set-$run"
    rm -rf "$work/copy"
    timed "$set coffer restore" "$objects" "$size" restore "back-$set-$run"
  done
  awk '/VmHWM/{print "server peak", $2 / 1024, "MiB"}' "/proc/$server/status"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
done
