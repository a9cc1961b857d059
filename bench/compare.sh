#!/usr/bin/env bash
# compare.sh - compare backup engines on one deterministic data set.
#
# usage: compare.sh -d DATA -w WORK -o OUT.tsv [-r RUNS] [-s SUITES] [-W] [-q SECONDS] [-n NICE]
#                 [-a ADAPTER.sh]... TOOL...
#
#   -d DATA    made by dataset.py; holds files/tree (dataset.py create DATA/files) and, for the image
#              suite, image/s0.raw and image/s1.raw (dataset.py image; copy; dataset.py mutate-image)
#   -w WORK    scratch folder for the working copy, repositories, caches and restores; needs
#              about 3 times the data set; WORK/live is kept between calls, the rest is removed
#   -o OUT     results are appended as TSV, one line per step; logs go to OUT.logs/
#   -r RUNS    runs per tool (default 3); summarize.py takes the medians
#   -s SUITES  comma list out of files,image (default: files,image)
#   -W         warm: do not drop the page cache before each step (default: drop it; needs root)
#   -q SECONDS wait up to SECONDS before each step until the machine is quiet (default 0: do not)
#   -n NICE    run the tools at this niceness, for a machine that is not quite idle (default 0)
#   -a FILE    source FILE for a further adapter (see ADAPTERS)
#   TOOL       KIND:LABEL:COMMAND, for example  restic:restic-0.19.1:/usr/bin/restic
#                                               borg:borg-1.4.5:/usr/bin/borg
#
# Suite "files": full, unchanged, mutated, restore (of the mutated state, compared file by file
# in run 1), prune (drop the first two recovery points, which are the
# same, and reclaim space), check (read and verify
# all data).  Suite "image": one large image from stdin: image-full, image-mutated, image-restore
# (to a file).  Tools take turns inside each run, so that slow drift hits them alike.
#
# Columns: tool suite step run wall_s user_s sys_s maxrss_kb sync_s repo_bytes repo_files
#          disk_read_mb disk_write_mb other_cpu_s steal_s status
#   sync_s       time a sync(1) took after the step: what the tool left in the page cache
#   other_cpu_s  CPU seconds burnt by anything else meanwhile (kernel flushers included): noise
#
# ADAPTERS: a kind K is six shell functions, called with the globals CMD (the tool), REPO, CACHE:
#   K_init; K_backup NAME DIR; K_backup_stdin NAME (stdin is the image); K_restore NAME DIR;
#   K_restore_stdout NAME; K_prune NAME...; K_check.  They run in a child shell under time(1).  A kind with a
#   server has K_server too, which prints the server's user and system seconds and its peak KiB since the last
#   call; they count as the tool's own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export BENCH=$here
data= work= out= runs=3 suites=files,image cold=1 quiet=0 nice=0 adapters=()
while getopts d:w:o:r:s:Wq:n:a:h o; do
  case $o in
    d) data=$OPTARG ;; w) work=$OPTARG ;; o) out=$OPTARG ;; r) runs=$OPTARG ;;
    s) suites=$OPTARG ;; W) cold=0 ;; q) quiet=$OPTARG ;; n) nice=$OPTARG ;; a) adapters+=("$(realpath "$OPTARG")") ;;
    *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[[ -n $data && -n $work && -n $out && $# -gt 0 ]] || { "$0" -h; exit 2; }
mkdir -p "$work" "$out.logs"
data=$(realpath "$data") work=$(realpath "$work") out=$(realpath "$out")

# ---- adapters -----------------------------------------------------------------------------
export RESTIC_PASSWORD=bench-secret BORG_PASSPHRASE=bench-secret
export BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_DELETE_I_KNOW_WHAT_I_AM_DOING=YES
export BORG_CHECK_I_KNOW_WHAT_I_AM_DOING=YES

restic_() { $CMD -r "$REPO" --cache-dir "$CACHE" "$@"; }
restic_init() { restic_ init --repository-version 2; }                  # compression: auto
restic_keep_id() { tee >(sed -n 's/^snapshot \(.*\) saved.*/\1/p' >"$CACHE-$1.id"); }
restic_id() { for n; do cat "$CACHE-$n.id"; done; }                     # without opening the repository
restic_backup() { restic_ backup --tag "$1" "$2" | restic_keep_id "$1"; }
restic_backup_stdin() { restic_ backup --tag "$1" --stdin --stdin-filename image.raw | restic_keep_id "$1"; }
restic_restore() { restic_ restore "$(restic_id "$1")" --target "$2"; }
restic_restore_stdout() { restic_ dump "$(restic_id "$1")" /image.raw; }
restic_prune() { restic_ forget --prune $(restic_id "$@"); }
restic_check() { restic_ check --read-data; }

borg_() { BORG_BASE_DIR=$CACHE BORG_REPO=$REPO $CMD "$@"; }
borg_init() { borg_ init --encryption repokey-blake2; }
borg_backup() { borg_ create --compression zstd,3 "::$1" "$2"; }
borg_backup_stdin() { borg_ create --compression zstd,3 "::$1" -; }
borg_restore() { mkdir -p "$2" && cd "$2" && borg_ extract "::$1"; }
borg_restore_stdout() { borg_ extract --stdout "::$1"; }
borg_prune() { borg_ delete "::$1" "${@:2}" && borg_ compact; }
borg_check() { borg_ check --verify-data; }

[[ ${#adapters[@]} = 0 ]] || for a in "${adapters[@]}"; do . "$a"; done

# ---- measuring ----------------------------------------------------------------------------
[[ -s $out ]] || printf '%s\n' "tool suite step run wall_s user_s sys_s maxrss_kb sync_s repo_bytes repo_files disk_read_mb disk_write_mb other_cpu_s steal_s status" | tr ' ' '\t' >"$out"
disk=$(basename "$(findmnt -no SOURCE -T "$work")")
hz=$(getconf CLK_TCK)

counters() { # busy jiffies, stolen jiffies, sectors read, sectors written
  awk -v hz="$hz" '/^cpu /{print ($2+$3+$4+$7+$8)/hz, $9/hz}' /proc/stat
  awk -v d="$disk" '$3==d{print $6/2048, $10/2048; f=1} END{if(!f)print 0,0}' /proc/diskstats
}

step() { # suite name run stdin stdout function args...
  local suite=$1 name=$2 run=$3 in=$4 to=$5 fn=$6 log t0 t1 a b c status=0
  shift 6
  log=$out.logs/$LABEL.$suite.$name.$run
  sync
  [[ $quiet = 0 ]] || "$here/quiet.sh" "$quiet" 25 2>/dev/null
  [[ $cold = 0 ]] || echo 3 >/proc/sys/vm/drop_caches
  local before=(0 0 0) after=(0 0 0)
  declare -F "${KIND}_server" >/dev/null && { read -ra before < <("${KIND}_server" | tr '\n' ' ') || true; }
  a=$(counters | tr '\n' ' ')
  nice -n "$nice" /usr/bin/time -o "$log.time" -f '%e %U %S %M' bash -c 'set -eo pipefail; "$@"' bash "${KIND}_$fn" "$@" \
    <"$in" >"$to" 2>"$log.err" || status=$?
  b=$(counters | tr '\n' ' ')
  declare -F "${KIND}_server" >/dev/null && { read -ra after < <("${KIND}_server" | tr '\n' ' ') || true; }
  t0=$(date +%s.%N); sync; t1=$(date +%s.%N)
  c=$(counters | tr '\n' ' ')
  [[ $status = 0 ]] || { echo "FAILED ($status): $LABEL $name" >&2; tail -5 "$log.err" >&2; }
  { tail -1 "$log.time" | awk -v u="${after[0]}" -v s="${after[1]}" -v m="${after[2]}" -v u0="${before[0]}" -v s0="${before[1]}" \
      '{ print $1, $2 + u - u0, $3 + s - s0, $4 + m }'
    echo "$a $b $c $t0 $t1"; du -sb --apparent-size "$REPO" | cut -f1
    find "$REPO" -type f | wc -l; } | tr '\n' ' ' |
    awk -v OFS='\t' -v tool="$LABEL" -v suite="$suite" -v step="$name" -v run="$run" -v st="$status" '{
      other = ($9 - $5) - $2 - $3; if (other < 0) other = 0
      print tool, suite, step, run, $1, $2, $3, $4, sprintf("%.2f", $18 - $17), $19, $20,
            sprintf("%.0f", $15 - $7), sprintf("%.0f", $16 - $8), sprintf("%.2f", other),
            sprintf("%.2f", $10 - $6), st }' | tee -a "$out"
}

# ext4 passes over inodes that were removed in the last minutes, one after the other, and that would count as the time of the next
# restore: so what was restored is emptied, and removed when all is measured.
aside=0
put_aside() {
  [[ -e $1 ]] || return 0
  find "$1" -type f -size +0 -exec truncate -s 0 {} +
  mkdir -p "$work/aside"
  mv "$1" "$work/aside/$((aside += 1))"
}

fresh() {
  REPO=$work/repo CACHE=$work/cache
  export WORK=$work
  ! declare -F "${KIND}_stop" >/dev/null || "${KIND}_stop"
  rm -rf "$REPO" "$CACHE" "$CACHE"-*.id
  put_aside "$work/restore"
  mkdir -p "$CACHE"
  export LABEL CMD REPO CACHE WORK=$work
  export -f $(compgen -A function "${KIND}_")
  "${KIND}_init" >"$out.logs/$LABEL.init" 2>&1
}

files_suite() { # run
  local live=$work/live log=$out.logs
  python3 "$here/dataset.py" reset "$data/files/tree" "$live"
  fresh
  step files full "$1" /dev/null "$log/$LABEL.full.$1.out" backup s0 "$live"
  step files unchanged "$1" /dev/null "$log/$LABEL.unchanged.$1.out" backup s0b "$live"
  python3 "$here/dataset.py" mutate "$live"
  step files mutated "$1" /dev/null "$log/$LABEL.mutated.$1.out" backup s1 "$live"
  step files restore "$1" /dev/null "$log/$LABEL.restore.$1.out" restore s1 "$work/restore"
  if [[ $1 = 1 ]]; then # into any sub folder: the one that holds vm/
    cmp <(cd "$live" && python3 "$here/dataset.py" manifest .) \
      <(cd "$(dirname "$(find "$work/restore" -type d -name vm)")" &&
        python3 "$here/dataset.py" manifest .) && echo "$LABEL: restored tree is identical" >&2
  fi
  put_aside "$work/restore"
  step files prune "$1" /dev/null "$log/$LABEL.prune.$1.out" prune s0 s0b
  step files check "$1" /dev/null "$log/$LABEL.check.$1.out" check
}

image_suite() { # run
  local img=$data/image log=$out.logs
  fresh
  step image image-full "$1" "$img/s0.raw" "$log/$LABEL.image-full.$1.out" backup_stdin i0
  step image image-mutated "$1" "$img/s1.raw" "$log/$LABEL.image-mutated.$1.out" backup_stdin i1
  step image image-restore "$1" /dev/null "$work/image.out" restore_stdout i1
  if [[ $1 = 1 ]]; then
    cmp "$work/image.out" "$img/s1.raw" && echo "$LABEL: restored image is identical" >&2
  fi
  rm -f "$work/image.out"
}

for ((run = 1; run <= runs; run++)); do
  for tool in "$@"; do
    IFS=: read -r KIND LABEL CMD <<<"$tool"
    for s in ${suites//,/ }; do "${s}_suite" "$run"; done
    ! declare -F "${KIND}_stop" >/dev/null || "${KIND}_stop"
  done
done
rm -rf "$work/repo" "$work/cache" "$work"/cache-*.id "$work/restore" "$work/aside"
