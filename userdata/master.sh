# The master: Locust's page and API.
set -euo pipefail
: "${ROLE:?}"

SECRETS=/etc/locust-cluster/master.json

secret() { # the login, which only the master's role may read
  local file=$ROOT$SECRETS
  fetch secrets/master.json "$DOWNLOAD/master.json"
  install -m 0640 -g locust "$DOWNLOAD/master.json" "$file.new"
  mv "$file.new" "$file"
  rm "$DOWNLOAD/master.json"
}

units() {
  node_units
  locust_unit locust-master.service 1
  start_units locust-master.service
}

for name in identity timers store environment bundle system secret units; do step "$name"; done
finish
