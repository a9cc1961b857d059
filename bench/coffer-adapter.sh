# Adapter of compare.sh for Coffer; TOOL is  coffer:LABEL:PATH-OF-THE-LAUNCHER.
# One server runs for a whole suite, and every step is a job through the API. What the server used (processor time, peak memory) is added to the client's by compare.sh through
# coffer_server.

export coffer_arn=arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system
export coffer_role=arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
coffer_api() { python3 "$BENCH/coffer_api.py" "$(cat "$CACHE/url")" "$CACHE/data/credentials" "$@"; }

coffer_init() {
  coffer_stop
  mkdir -p "$CACHE/data" "$REPO" "$CACHE/image" "$WORK/restore" "$WORK/image-restore"
  ln -s "$REPO" "$CACHE/data/vaults"
  cat >"$CACHE/coffer.yaml" <<YAML
sources:
  - {type: EFS, id: fs-00000001, name: live, path: "$WORK/live", restore: "$WORK/restore"}
  - {type: EFS, id: fs-00000002, name: image, path: "$CACHE/image", restore: "$WORK/image-restore"}
YAML
  $CMD serve --data "$CACHE/data" --config "$CACHE/coffer.yaml" --listen 127.0.0.1:0 >"$CACHE/out" 2>"$CACHE/log" &
  echo $! >"$WORK/coffer.pid"
  until grep -q 'ready on' "$CACHE/out"; do kill -0 "$(cat "$WORK/coffer.pid")" && sleep 0.1; done
  sed -n 's/.*ready on //p' "$CACHE/out" >"$CACHE/url"
}
coffer_stop() { [ ! -e "$WORK/coffer.pid" ] || { kill "$(cat "$WORK/coffer.pid")" 2>/dev/null && sleep 3; rm -f "$WORK/coffer.pid"; } || true; }

# user seconds, system seconds, peak resident KiB of the server since the last reset of the peak
coffer_server() {
  local pid; pid=$(cat "$WORK/coffer.pid")
  awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print $12 / hz, $13 / hz }' "/proc/$pid/stat" | tr '\n' ' '
  awk '/^VmHWM/{print $2}' "/proc/$pid/status"
  echo 5 >"/proc/$pid/clear_refs"
}

coffer_backup() { coffer_api backup Default "$coffer_arn/fs-00000001" "$coffer_role" >"$CACHE/$1.arn"; }
coffer_backup_stdin() {
  ln -f "$(readlink /proc/self/fd/0)" "$CACHE/image/image.raw" 2>/dev/null || cp "$(readlink /proc/self/fd/0)" "$CACHE/image/image.raw"
  coffer_api backup Default "$coffer_arn/fs-00000002" "$coffer_role" >"$CACHE/$1.arn"
}
coffer_restore() { mkdir -p "$2"; coffer_api restore "$(cat "$CACHE/$1.arn")" "$coffer_role"; }
coffer_restore_stdout() {
  mkdir -p "$WORK/image-restore"
  local arn; arn=$(coffer_api restore "$(cat "$CACHE/$1.arn")" "$coffer_role")
  mv "$WORK/image-restore/${arn##*/}/image.raw" "$WORK/image.out"
}
coffer_prune() { local arns=(); for n; do arns+=("$(cat "$CACHE/$n.arn")"); done; coffer_api delete Default "${arns[@]}"; }
coffer_check() { coffer_api verify Default; }
