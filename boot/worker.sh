# The second stage of a worker: one Locust process per vCPU.
: "${SCRIPTS:?}" "${ROLE:?}"
for part in environment system units; do
  # shellcheck source=/dev/null
  . "$SCRIPTS/$part.sh"
done

SECOND_STAGE=(timers environment system units)

units() { # one a process: a child of --processes that dies is not started again
  local link name names
  node_units
  locust_unit locust-worker@.service %i
  mapfile -t names < <(seq --format=locust-worker@%.0f.service "$PROCESSES")
  for link in "$UNITS"/multi-user.target.wants/locust-worker@*; do
    name=${link##*/}
    # Left by a machine that had more vCPUs before it was resized.
    [[ ! -L $link || " ${names[*]} " = *" $name "* ]] || systemctl disable --quiet --now --no-block "$name"
  done
  start_units "${names[@]}"
}
