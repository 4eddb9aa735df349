# User data: "#!/bin/bash", these variables, this file and the others as lib/model/user-data.ts joins them. The rest of
# the boot, its second stage (boot/), comes in the bundle.
# ROLE (master, worker), CLUSTER (name), REGION (of the machine), BUCKET_REGION, ARCHITECTURE (arm64, x86_64),
# IMAGE (as cluster.yaml has it), MASTER_HOST (private address), PYTHON_VERSION (major.minor of the environment).
# For tests: ROOT goes before every path, IMDS is the metadata service, RETRY_SECONDS the patience with one object.
set -euo pipefail
: "${ROLE:?}" "${CLUSTER:?}" "${REGION:?}" "${BUCKET_REGION:?}" "${ARCHITECTURE:?}" "${IMAGE:?}" "${MASTER_HOST:?}"
: "${PYTHON_VERSION:?}"
ROOT=${ROOT:-} IMDS=${IMDS:-http://169.254.169.254} RETRY_SECONDS=${RETRY_SECONDS:-300}
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

OPT=/opt/locust-cluster
LOG=$ROOT/var/log/user-data.log
STATE=$ROOT/var/lib/locust-cluster LEDGER=$STATE/ledger.json DONE=$STATE/bootstrapped DOWNLOAD=$STATE/download
RUN=$ROOT/run/locust-bootstrap S3=$RUN/s3.curl # gone after a reboot
UNITS=$ROOT/etc/systemd/system
mkdir -p "${LOG%/*}" "$DOWNLOAD" "$RUN" "$UNITS"
chmod 0700 "$RUN" "$DOWNLOAD" # credentials, the login

exec 3>&1 >>"$LOG" 2>&1 # no tee: the ledger needs the log's last lines at once

now() { printf -v NOW '%(%FT%TZ)T' -1; }

say() {
  now
  echo "$NOW $*"
  echo "$NOW $*" >&3
}

unit() { # NAME DESCRIPTION, lines of [Service] on stdin
  cat >"$UNITS/$1" <<UNIT
[Unit]
Description=$2
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
$(cat)

[Install]
WantedBy=multi-user.target
UNIT
}

# cloud-init starts this once; a service does the rest: one at a time, again after a failure, again after a reboot.
if [ "${1:-}" != run ]; then
  install -D -m 0755 "$0" "$ROOT/usr/local/lib/locust-cluster/bootstrap"
  unit locust-bootstrap.service "Make this machine a node of the Locust cluster" <<'UNIT'
Type=exec
ExecStart=/bin/bash /usr/local/lib/locust-cluster/bootstrap run
StandardOutput=journal+console
Restart=on-failure
RestartSec=30
UNIT
  say "user data: handed over to locust-bootstrap.service"
  systemctl enable --quiet --now --no-block locust-bootstrap.service
  exit
fi
