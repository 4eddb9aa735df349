# shellcheck shell=bash
# User data: "#!/bin/bash", these variables, this file, then master.sh or worker.sh.
# ROLE (master, worker), CLUSTER (name), REGION, ARCHITECTURE (arm64, x86_64), IMAGE (as cluster.yaml has it),
# MASTER_HOST (private address), PYTHON_VERSION (major.minor the environment is built for).
# For tests: ROOT goes before every path, IMDS is the metadata service, RETRY_SECONDS the patience with one object.
set -euo pipefail
: "${ROLE:?}" "${CLUSTER:?}" "${REGION:?}" "${ARCHITECTURE:?}" "${IMAGE:?}" "${MASTER_HOST:?}" "${PYTHON_VERSION:?}"
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

STEP=start STEPS='' VERB=start SECRETS='' MESSAGE='' FAILED_STEP='' FAILURE=null
INSTANCE_ID='' NODE='' BUNDLE='' ENVIRONMENT='' LOCUST='' PYTHON='' PROCESSES=1
read -r KERNEL </proc/sys/kernel/osrelease
if [ ! -e "$RUN/started" ]; then
  # The plug may have been pulled in the middle, which leaves empty files under complete names.
  [ -e "$DONE" ] || rm -rf "$ROOT$OPT"
  now
  echo "$NOW" >"$RUN/started"
fi
read -r STARTED <"$RUN/started"
# A machine that tries again stays `failed` in the ledger until it is past the step that failed.
[ ! -e "$RUN/failure" ] || { read -r FAILED_STEP && read -r FAILURE; } <"$RUN/failure"

# --- the ledger: nodes/<instance-id>.json in the bucket

record() { # STATE
  local state=$1
  [ "$FAILURE" = null ] || state=failed
  now
  cat >"$LEDGER.new" <<JSON
{"schema":1,"instance_id":"$INSTANCE_ID","name":"$NODE","role":"$ROLE","hostname":"$HOSTNAME",
"private_ip":"${PRIVATE_IP:-}","state":"$state","stage":"$STEP","time":"$NOW","boot_started":"$STARTED",
"steps":[$STEPS],"processes":$PROCESSES,"bundle":"$BUNDLE","environment":"$ENVIRONMENT",
"versions":{"locust":"$LOCUST","python":"$PYTHON","agent":"","kernel":"$KERNEL"},
"failure":$FAILURE}
JSON
  mv "$LEDGER.new" "$LEDGER"
}

# One sender at a time: who finds one at work leaves, and that one looks again after each upload. So booting never
# waits for a report, and an old record never replaces a newer one.
send() { # [--exclusive] to wait
  [ -n "$INSTANCE_ID" ] || return 0
  (
    flock "${1:---nonblock}" 9 || exit 0
    until cmp -s "$LEDGER" "$RUN/sent"; do
      cp "$LEDGER" "$RUN/sending"
      s3 "nodes/$INSTANCE_ID.json" --fail --max-time 5 --upload-file "$RUN/sending" || exit 1
      mv "$RUN/sending" "$RUN/sent"
    done
  ) 9>"$RUN/lock" >/dev/null 2>&1
}

step() { # NAME of the step and of its function
  local begin=${EPOCHREALTIME/./} took
  STEP=$1
  say "$STEP: begin"
  if [ -n "$INSTANCE_ID" ]; then
    record booting
    send &
  fi
  "$STEP"
  took=$(((${EPOCHREALTIME/./} - begin) / 1000))
  printf -v took '%d.%03d' $((took / 1000)) $((took % 1000))
  STEPS+="${STEPS:+,}{\"name\":\"$STEP\",\"seconds\":$took}"
  say "$STEP: done in $took s"
  if [ "$STEP" = "$FAILED_STEP" ]; then
    FAILURE=null
    rm "$RUN/failure"
  fi
}

fail() { # MESSAGE [EXIT CODE]
  MESSAGE=$1
  exit "${2:-1}"
}

to_json() { # lines to strings
  LC_ALL=C tr -cd '\n\40-\176' | sed 's/[\\"]/\\&/g; s/.*/"&"/' | paste -sd,
}

ended() {
  local code=$?
  trap - EXIT ERR
  set +e
  if [ "$code" != 0 ]; then
    say "$STEP: failed with exit code $code: $MESSAGE"
    tail -n 20 "$LOG" >&3
    FAILURE="{\"step\":\"$STEP\",\"exit_code\":$code,\"message\":$(to_json <<<"${MESSAGE%%$'\n'*}"),"
    FAILURE+="\"log\":[$(tail -n 20 "$LOG" | to_json)]}"
    printf '%s\n' "$STEP" "$FAILURE" >"$RUN/failure"
    record failed
    send --exclusive || say "the ledger is out of reach, the next attempt will try again"
  fi
  wait
  rm -f "$S3"
}
trap ended EXIT
trap 'exit 0' TERM # a reboot is no failure
trap 'MESSAGE=${MESSAGE:-"$BASH_COMMAND"}' ERR
set -E

# --- metadata service and bucket; secrets reach curl in files, since anyone may read the process list

imds() { # PATH…, an answer a line
  curl -sSf --max-time 5 --retry 3 --header "@$RUN/token" --write-out '\n' "${@/#/"$IMDS/latest/meta-data/"}"
}

credentials() {
  local role json key values=()
  role=$(imds iam/security-credentials/) && json=$(imds "iam/security-credentials/$role") || return
  for key in AccessKeyId SecretAccessKey Token; do
    [[ $json =~ \"$key\"\ *:\ *\"([^\"]+) ]] || return
    values+=("${BASH_REMATCH[1]}")
  done
  install -m 0600 /dev/stdin "$S3.$BASHPID" <<CURL
user = "${values[0]}:${values[1]}"
header = "x-amz-security-token: ${values[2]}"
CURL
  mv "$S3.$BASHPID" "$S3"
}

s3() { # KEY OPTION…
  [ -s "$S3" ] || credentials || { echo "no credentials of a role yet" >&2 && return 1; }
  curl --config "$S3" --silent --show-error --connect-timeout 5 --speed-time 20 --speed-limit 1024 \
    --aws-sigv4 "aws:amz:$REGION:s3" --header "x-amz-content-sha256: UNSIGNED-PAYLOAD" "$STORE/$1" "${@:2}"
}

# A new cluster's roles, policies and objects are not seen everywhere at once: until then S3 says 403 or 404.
fetch() { # KEY FILE
  local status answer body pause=1 deadline=$((SECONDS + RETRY_SECONDS))
  : >"$2"
  until status=$(s3 "$1" --output "$2" --write-out '%{http_code}' 2>"$RUN/error") && [ "$status" = 200 ]; do
    answer=$(tail -n 1 "$RUN/error")
    if [ -z "$answer" ]; then
      body=$(<"$2") answer=$status
      [[ ! $body =~ \<Code\>([^<]*) ]] || answer+=" ${BASH_REMATCH[1]}"
      [[ ! $body =~ \<Message\>([^<]*) ]] || answer+=": ${BASH_REMATCH[1]}"
      case $status in 403 | 404 | 429 | 5??) ;; *) fail "$STORE/$1 answered $answer" ;; esac
    fi
    [ "$SECONDS" -lt "$deadline" ] || fail "$STORE/$1 did not come in $RETRY_SECONDS s, last answer: $answer"
    say "$STEP: $1: $answer; again in $pause s"
    rm -f "$S3" # the next try asks for new credentials
    send &
    sleep "$pause.$((RANDOM % 10))" # machines that failed together are not to come back together
    pause=$((pause < 8 ? pause * 2 : 15))
  done
}

# --- steps

identity() {
  local token answers id suffix=amazonaws.com
  token=$(curl -sSf --max-time 5 --retry 5 --retry-delay 1 --retry-all-errors -X PUT \
    --header "X-aws-ec2-metadata-token-ttl-seconds: 21600" "$IMDS/latest/api/token")
  install -m 0600 /dev/stdin "$RUN/token" <<<"X-aws-ec2-metadata-token: $token"
  answers=$(imds instance-id instance-type local-ipv4 tags/instance/locust-cluster-{bucket,node})
  read -rd '' id INSTANCE_TYPE PRIVATE_IP BUCKET NODE <<<"$answers" || true
  [ -n "$NODE" ] || fail "the metadata service does not tell this machine's address and tags"
  case $REGION in cn-*) suffix+=.cn ;; esac
  STORE=https://$BUCKET.s3.$REGION.$suffix
  INSTANCE_ID=$id
  [ -e "$DONE" ] || return 0
  if [ "$(<"$DONE")" = "$INSTANCE_ID $INSTANCE_TYPE" ]; then
    say "$NODE is a node already, nothing to do"
    exit 0
  fi
  # Resized, or a copy of another node. The ledger is ours until the agent is started again.
  systemctl stop locust-agent.service
}

quiet() { # updates would be measured with the test; an apt that runs is not waited for
  local timers=({apt-daily,apt-daily-upgrade,man-db,dpkg-db-backup,fstrim}.timer)
  # A timer that is masked before it is stopped counts as failed.
  systemctl stop "${timers[@]}" || true
  systemctl mask --quiet --now --no-block "${timers[@]}" {apt-daily,apt-daily-upgrade,unattended-upgrades}.service ||
    say "quiet: not all could be stopped"
}

store() {
  local names
  fetch bundle/current.json "$DOWNLOAD/current.json"
  names=$(python3 -IS - "$DOWNLOAD/current.json" "$ARCHITECTURE" <<'PYTHON'
import json, sys
current = json.load(open(sys.argv[1]))
print(current["bundle"], current["environments"][sys.argv[2]], current["locust"]["version"])
PYTHON
  ) || fail "bundle/current.json names no test and environment for $ARCHITECTURE"
  read -r BUNDLE ENVIRONMENT LOCUST <<<"$names"
}

# Fetches and unpacks into a new folder, which gets its name when it is complete. A damaged archive is asked for again
# by the next attempt.
unpack() { # KEY FOLDER FUNCTION
  local file=$DOWNLOAD/archive new=$2.new code=0
  [ ! -d "$2" ] || return 0
  fetch "$1" "$file"
  rm -rf "$new"
  "$3" "$file" "$new" || code=$?
  rm "$file"
  [ "$code" = 0 ] || fail "$1 is damaged, or there is no room for it" "$code"
  chmod -R a+rX,go-w "$new" # Locust does not run as root, and the laptop's modes may be of its user only
  mv "$new" "$2"
}

unpack_environment() { # tar reads to the end, where gzip keeps the checksum
  python3 -m venv --without-pip "$2" &&
    tar -xzf "$1" --no-same-owner -C "$2/lib/python$PYTHON_VERSION/site-packages"
}

unpack_bundle() {
  python3 -IS - "$1" "$2" <<'PYTHON'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        path = archive.extract(entry, sys.argv[2])
        if entry.external_attr >> 16:
            os.chmod(path, entry.external_attr >> 16 & 0o777 | 0o600)
PYTHON
}

environment() {
  local version
  version=$(python3 --version) || fail "image $IMAGE has no python3"
  PYTHON=${version#Python } version=${PYTHON%.*}
  [ "$version" = "$PYTHON_VERSION" ] ||
    fail "image $IMAGE has Python $version, not $PYTHON_VERSION: set machines.pythonVersion to \"$version\""
  unpack "env/$ENVIRONMENT.tar.gz" "$ROOT$OPT/env/$ENVIRONMENT" unpack_environment
}

bundle() {
  local name=release/$BUNDLE-$ENVIRONMENT release
  unpack "bundle/$BUNDLE.zip" "$ROOT$OPT/bundle/$BUNDLE" unpack_bundle
  # A release is links, so that test and environment change together when `current` is switched.
  release=$ROOT$OPT/$name
  mkdir -p "$release"
  ln -sfn "../../env/$ENVIRONMENT" "$release/venv"
  ln -sfn "../../bundle/$BUNDLE/test" "$release/test"
  ln -sfn "../../bundle/$BUNDLE/agent" "$release/agent"
  cp "$DOWNLOAD/current.json" "$release"
  cp "$DOWNLOAD/current.json" "$ROOT$OPT"
  ln -sfn "$name" "$ROOT$OPT/current.new"
  mv -T "$ROOT$OPT/current.new" "$ROOT$OPT/current"
}

system() {
  local limits=$ROOT/etc/sysctl.d/90-locust-cluster.conf
  id -u locust >/dev/null 2>&1 ||
    useradd --system --user-group --create-home --home-dir /var/lib/locust --shell /usr/sbin/nologin locust
  mkdir -p "${limits%/*}" "$ROOT/etc/locust-cluster"
  cat >"$limits" <<'SYSCTL'
# Each connection to the target takes a port; 5557 and 8089 are Locust's own.
net.ipv4.ip_local_port_range = 1024 65535
net.ipv4.ip_local_reserved_ports = 5557,8089
net.ipv4.tcp_tw_reuse = 1
net.ipv4.tcp_fin_timeout = 15
net.ipv4.tcp_max_syn_backlog = 16384
net.core.somaxconn = 16384
SYSCTL
  sysctl --quiet --load "$limits" || say "system: the kernel refused a limit"
}

locust_unit() { # NAME INDEX of the process
  # "-" and timeout: no update may keep Locust from starting with what is on disk.
  unit "$1" "Locust $ROLE" <<UNIT
User=locust
EnvironmentFile=/etc/locust-cluster/node.env
Environment=CLUSTER_PROCESS=$2 HOME=/var/lib/locust
ExecStartPre=-+/usr/bin/timeout 60 $OPT/current/venv/bin/python -m locust_cluster.update
ExecStart=$OPT/current/venv/bin/python -m locust_cluster.launch
RuntimeDirectory=locust-cluster
RuntimeDirectoryPreserve=yes
StateDirectory=locust/work
TimeoutStopSec=20
KillMode=mixed
Restart=always
RestartSec=2
LimitNOFILE=1048576
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=full
UNIT
}

node_units() { # of all roles
  local file=$ROOT/etc/locust-cluster/node.env before=''
  [ ! -e "$file" ] || before=$(<"$file")
  cat >"$file" <<ENV
CLUSTER_NAME=$CLUSTER
CLUSTER_NODE=$NODE
CLUSTER_ROLE=$ROLE
CLUSTER_INSTANCE_ID=$INSTANCE_ID
CLUSTER_INSTANCE_TYPE=$INSTANCE_TYPE
CLUSTER_PRIVATE_IP=$PRIVATE_IP
CLUSTER_MASTER_HOST=$MASTER_HOST
CLUSTER_MASTER_PORT=5557
CLUSTER_REGION=$REGION
CLUSTER_ARCHITECTURE=$ARCHITECTURE
CLUSTER_STORE=s3://$BUCKET
CLUSTER_RELEASE=$OPT/current
CLUSTER_STATE_DIR=/var/lib/locust-cluster
CLUSTER_RUN_DIR=/run/locust-cluster
CLUSTER_WORK_DIR=/var/lib/locust/work
CLUSTER_SECRETS=$SECRETS
CLUSTER_PROCESSES=$PROCESSES
CLUSTER_WEB_HOST=0.0.0.0
CLUSTER_WEB_PORT=8089
PYTHONPATH=$OPT/current/agent
PYTHONUNBUFFERED=1
ENV
  [ "$before" = "$(<"$file")" ] || VERB=restart # else what runs already is left alone
  unit locust-agent.service "Agent of the Locust cluster" <<UNIT
EnvironmentFile=/etc/locust-cluster/node.env
ExecStart=$OPT/current/venv/bin/python -m locust_cluster.agent
TimeoutStopSec=20
Restart=always
RestartSec=2
UNIT
}

start_units() { # UNIT… of the role
  systemctl enable --quiet locust-agent.service "$@"
  systemctl "$VERB" --no-block "$@"
}

finish() {
  record starting
  send --exclusive || say "the ledger is out of reach, the agent will try again"
  systemctl "$VERB" --no-block locust-agent.service # from here on the ledger is the agent's
  sync -f "$ROOT$OPT"                               # DONE must not outlive the files when the plug is pulled
  echo "$INSTANCE_ID $INSTANCE_TYPE" >"$DONE"
  say "done: $NODE of $CLUSTER"
}
