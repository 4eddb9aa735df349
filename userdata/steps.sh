# Steps of the boot up to the release of test and environment.

identity() {
  local token answers id suffix=amazonaws.com
  token=$(curl -sSf --max-time 5 --retry 5 --retry-delay 1 --retry-all-errors -X PUT \
    --header "X-aws-ec2-metadata-token-ttl-seconds: 21600" "$IMDS/latest/api/token")
  install -m 0600 /dev/stdin "$RUN/token" <<<"X-aws-ec2-metadata-token: $token"
  answers=$(imds instance-id instance-type local-ipv4 tags/instance/locust-cluster-{bucket,role-id,node})
  read -rd '' id INSTANCE_TYPE PRIVATE_IP BUCKET ROLE_ID NODE <<<"$answers" || true
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

timers() { # updates would be measured with the test; an apt that runs is not waited for
  local timers=({apt-daily,apt-daily-upgrade,man-db,dpkg-db-backup,fstrim}.timer)
  # A timer that is masked before it is stopped counts as failed.
  systemctl stop "${timers[@]}" || true
  systemctl mask --quiet --now --no-block "${timers[@]}" {apt-daily,apt-daily-upgrade,unattended-upgrades}.service ||
    say "timers: not all could be stopped"
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
  # Makes byte code, which Locust's own user may not write, while the boot goes on. A packed environment has it.
  [ -e "$ROOT$OPT/env/$ENVIRONMENT/lib/python$PYTHON_VERSION/site-packages/packed-modules" ] ||
    "$ROOT$OPT/env/$ENVIRONMENT/bin/python" -Ic "import locust.main" || true &
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
  echo updated >"$STATE/update.lock" # the units need not ask again
}
