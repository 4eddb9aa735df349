# Units of systemd, and the end of the boot.
VERB=start SECRETS=''
AGENT="$OPT/current/venv/bin/python -m locust_cluster"

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
CLUSTER_FLEET=$FLEET
CLUSTER_ROLE=$ROLE
CLUSTER_INSTANCE_ID=$INSTANCE_ID
CLUSTER_INSTANCE_TYPE=$INSTANCE_TYPE
CLUSTER_PRIVATE_IP=$PRIVATE_IP
CLUSTER_MASTER_HOST=$MASTER_HOST
CLUSTER_MASTER_PORT=5557
CLUSTER_REGION=$REGION
CLUSTER_BUCKET_REGION=$BUCKET_REGION
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
