# The first stage: which machine this is, what it is to run, and the rest of the boot out of the bundle.
# A change of it replaces all machines, a change of the second stage none.

identity() {
  local token answers tags id suffix=amazonaws.com
  token=$(curl -sSf --max-time 5 --retry 5 --retry-delay 1 --retry-all-errors -X PUT \
    --header "X-aws-ec2-metadata-token-ttl-seconds: 21600" "$IMDS/latest/api/token")
  install -m 0600 /dev/stdin "$RUN/token" <<<"X-aws-ec2-metadata-token: $token"
  answers=$(imds instance-id instance-type local-ipv4 tags/instance/locust-cluster-{bucket,role-id}) || answers='' # curl has said why
  read -r id INSTANCE_TYPE PRIVATE_IP BUCKET ROLE_ID <<<"${answers//$'\n'/ }"
  [ -n "$ROLE_ID" ] || fail "the metadata service does not tell this machine's address and tags: allow tags in its instance metadata"
  tags=$'\n'$(imds tags/instance/)$'\n'
  [[ $tags != *$'\nlocust-cluster-fleet\n'* ]] || FLEET=$(imds tags/instance/locust-cluster-fleet)
  NODE=${FLEET:-$ROLE}-${id: -8} # of a machine that a group has started
  [[ $tags != *$'\nlocust-cluster-node\n'* ]] || NODE=$(imds tags/instance/locust-cluster-node)
  case $BUCKET_REGION in cn-*) suffix+=.cn ;; esac
  STORE=https://$BUCKET.s3.$BUCKET_REGION.$suffix
  INSTANCE_ID=$id
  [ -e "$DONE" ] || return 0
  if [ "$(<"$DONE")" = "$INSTANCE_ID $INSTANCE_TYPE" ]; then
    say "$NODE is a node already, nothing to do"
    exit 0
  fi
  # Resized, or a copy of another node. The ledger is ours until the agent is started again.
  systemctl stop locust-agent.service
}

store() {
  local names
  command -v python3 >/dev/null || fail "image $IMAGE has no python3: set machines.imageId to an image that has it"
  fetch bundle/current.json "$DOWNLOAD/current.json"
  names=$(python3 -IS - "$DOWNLOAD/current.json" "$ARCHITECTURE" <<'PYTHON'
import json, sys
current = json.load(open(sys.argv[1]))
print(current["bundle"], current["environments"][sys.argv[2]], current["locust"]["version"])
PYTHON
  ) || fail "bundle/current.json names no test and environment for $ARCHITECTURE"
  read -r BUNDLE ENVIRONMENT LOCUST <<<"$names"
}

unpack_bundle() { # root runs what is in it, so it must be what its name says (lib/model/bundle.ts)
  python3 -IS - "$1" "$2" "$BUNDLE" <<'PYTHON'
import hashlib, json, os, sys, zipfile
content = hashlib.sha256()
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        path, mode = archive.extract(entry, sys.argv[2]), entry.external_attr >> 16 & 0o777
        os.chmod(path, mode | 0o600)
        head = [entry.filename, mode, entry.file_size]
        content.update(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode())
        content.update(open(path, "rb").read())
if not content.hexdigest().startswith(sys.argv[3]):
    sys.exit("it holds something else than its name says")
PYTHON
}

bundle() { # test, agent and second stage
  local zip=bundle/$BUNDLE.zip script
  SCRIPTS=$ROOT$OPT/bundle/$BUNDLE/boot
  unpack "$zip" "$ROOT$OPT/bundle/$BUNDLE" unpack_bundle
  [ -e "$SCRIPTS/$ROLE.sh" ] ||
    fail "$zip has no boot/$ROLE.sh, the second stage of the boot: deploy or push with a version that has it"
  for script in "$SCRIPTS"/*.sh; do
    bash -n "$script" ||
      fail "boot/${script##*/} in $zip has a syntax error: correct it, then deploy or push"
  done
  # shellcheck source=/dev/null
  . "$SCRIPTS/$ROLE.sh"
  { [ -n "${SECOND_STAGE[*]-}" ] && declare -F finish >/dev/null; } ||
    fail "boot/$ROLE.sh in $zip is not the second stage of a boot: correct it, then deploy or push"
}

for name in identity store bundle; do step "$name"; done
for name in "${SECOND_STAGE[@]}"; do step "$name"; done
finish
