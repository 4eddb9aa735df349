# A worker: one Locust process per vCPU.
set -euo pipefail
: "${ROLE:?}"

PROCESSES=$(nproc)

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

for name in identity timers store environment bundle system units; do step "$name"; done
finish
