# The second stage of the master: Locust's page and API.
: "${SCRIPTS:?}" "${ROLE:?}"
for part in environment system units; do
  # shellcheck source=/dev/null
  . "$SCRIPTS/$part.sh"
done

SECRETS=/etc/locust-cluster/master.json
SECOND_STAGE=(timers environment system secret units)

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
