# Locust's user and kernel limits, units of systemd, and the last step.

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
ExecStartPre=-+/usr/bin/timeout 60 $AGENT.service.update
ExecStart=$AGENT.plugin.launch
RuntimeDirectory=locust-cluster
RuntimeDirectoryPreserve=yes
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
CLUSTER_LEDGER=nodes/$ROLE_ID:$INSTANCE_ID.json
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
ExecStart=$AGENT.service.agent
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
