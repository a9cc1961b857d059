#!/bin/bash
# One Ceph RADOS gateway with what it needs (one monitor, one storage daemon with its data in memory), on loopback, without systemd.
#   ceph-rgw.sh install              installs the Debian packages, if this is root on a Debian
#   ceph-rgw.sh start DIR PORT MON   starts it; it ends with this script's parent at the latest
#   ceph-rgw.sh stop DIR             gateway, storage, monitor, in this order: a gateway without storage does not obey
set -eu

if [ "$1" = install ]; then
    # Several processes of tests may ask at once, and a half installed one looks as if it were there.
    exec 9>"${TMPDIR:-/tmp}/coffer-ceph-rgw.lock"
    flock 9
    command -v radosgw >/dev/null && command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null && exit 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "neither installed nor installable" >&2; exit 1; }
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends radosgw ceph-mon ceph-osd ceph-common >/dev/null 2>&1 9>&- \
        || { apt-get update >/dev/null 2>&1 9>&-; apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends radosgw ceph-mon ceph-osd ceph-common >/dev/null 9>&-; }
    exit 0
fi

D=$2
stop() {
    for daemon in client.rgw osd.0 mon.a; do
        [ -f "$D/run/$daemon.pid" ] || continue
        pid=$(cat "$D/run/$daemon.pid")
        kill "$pid" 2>/dev/null || continue
        for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$pid" 2>/dev/null || true
    done
}
if [ "$1" = stop ]; then
    stop
    exit 0
fi

PORT=$3 MON=$4 PARENT=$PPID
mkdir -p "$D"/{mon,osd0,rgw,log,run,crash/posted}
FSID=$(cat /proc/sys/kernel/random/uuid)
cat >"$D/ceph.conf" <<C
[global]
fsid = $FSID
mon host = v2:127.0.0.1:$MON/0
mon initial members = a
ms bind ipv4 = true
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
run dir = $D/run
admin socket = $D/run/\$cluster-\$name.asok
pid file = $D/run/\$name.pid
log file = $D/log/\$name.log
crash dir = $D/crash
keyring = $D/keyring
ms mon client mode = crc
[mon]
mon data = $D/mon
mon cluster log file = $D/log/cluster.log
[osd]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd data = $D/osd0
osd objectstore = memstore
memstore device bytes = ${COFFER_RGW_BYTES:-4294967296}
osd memory target = 1073741824
osd_fast_shutdown = true
osd_op_queue = wpq
[client.rgw]
rgw data = $D/rgw
rgw frontends = beast endpoint=127.0.0.1:$PORT
rgw enable usage log = false
rgw enable gc threads = false
rgw enable lc threads = false
rgw thread pool size = 64
rgw dns name = localhost
rgw s3 auth use sts = true
rgw sts key = coffer-sts-test-
debug rgw = 1
C
export CEPH_CONF=$D/ceph.conf
ceph-authtool --create-keyring "$D/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
monmaptool --create --clobber --fsid "$FSID" --addv a "[v2:127.0.0.1:$MON]" "$D/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$D/monmap" --keyring "$D/keyring" -c "$D/ceph.conf"
ceph-mon -i a -c "$D/ceph.conf"
# Whatever becomes of the tests, nothing stays behind.
(while kill -0 "$PARENT" 2>/dev/null && kill -0 "$(cat "$D/run/mon.a.pid")" 2>/dev/null; do sleep 1; done; stop) >/dev/null 2>&1 </dev/null &
OSD=$(cat /proc/sys/kernel/random/uuid)
ceph -c "$D/ceph.conf" osd new "$OSD" 0 >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$OSD" -c "$D/ceph.conf" >/dev/null 2>"$D/log/mkfs.err"
ceph -c "$D/ceph.conf" osd crush add osd.0 1.0 root=default host=h0 >/dev/null 2>&1 || true
ceph-osd -i 0 -c "$D/ceph.conf" >/dev/null
for _ in $(seq 100); do ceph -c "$D/ceph.conf" osd stat 2>/dev/null | grep -q '1 up' && break; sleep 0.3; done
radosgw -n client.rgw -c "$D/ceph.conf" --setuser '' --setgroup '' >/dev/null 2>&1 || radosgw -n client.rgw -c "$D/ceph.conf"
for _ in $(seq 300); do (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && break; sleep 0.2; done
radosgw-admin -n client.rgw -c "$D/ceph.conf" user create --uid=coffer --display-name=Coffer \
    --access-key=COFFERKEY --secret-key=coffersecret >/dev/null 2>&1
radosgw-admin -n client.rgw -c "$D/ceph.conf" user create --uid=stranger --display-name=Stranger \
    --access-key=STRANGERKEY --secret-key=strangersecret >/dev/null 2>&1
# A role that only the user "coffer" may assume, for buckets of its own making.
radosgw-admin -n client.rgw -c "$D/ceph.conf" role create --role-name=backup --path=/ --assume-role-policy-doc='{"Version":"2012-10-17",
    "Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/coffer"]},"Action":["sts:AssumeRole"]}]}' >/dev/null 2>&1
radosgw-admin -n client.rgw -c "$D/ceph.conf" role-policy put --role-name=backup --policy-name=s3 --policy-doc='{"Version":"2012-10-17",
    "Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}]}' >/dev/null 2>&1
