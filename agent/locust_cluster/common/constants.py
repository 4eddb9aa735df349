"""From protocol/constants.json, by `npm run generate`: change that file, not this one."""

from typing import Final, Literal, get_args

WEB_PORT: Final[int] = 8089
"""Locust's page and API."""

WORKERS_PORT: Final[int] = 5557
"""Locust's only port for workers (docs.locust.io, running-distributed)."""

STATE_TAG: Final[str] = "locust-cluster-state"
"""Tag of everything that Terraform creates: which state knows of it."""

NAME_TAG: Final[str] = "locust-cluster-name"
"""Tag of everything: name of the cluster."""

ROLE_TAG: Final[str] = "locust-cluster-role"
"""Tag of every machine: its role."""

NODE_TAG: Final[str] = "locust-cluster-node"
"""Tag of a machine that has a name of its own: that name."""

BUCKET_TAG: Final[str] = "locust-cluster-bucket"
"""Tag by which a machine finds the cluster's bucket."""

ROLE_ID_TAG: Final[str] = "locust-cluster-role-id"
"""Tag by which a machine finds the name of its ledger record."""

FLEET_TAG: Final[str] = "locust-cluster-fleet"
"""Tag of a fleet's machines and of its Auto Scaling group: name of the fleet."""

Role = Literal[
    "master",
    "worker",
]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""What a node is."""

Login = Literal[
    "generated",
    "custom",
    "none",
]

LOGINS: Final[tuple[Login, ...]] = get_args(Login)
"""How visitors log in to the page, `access.login` of cluster.yaml."""

BOOT_STEPS: Final[tuple[str, ...]] = (
    "identity",
    "store",
    "bundle",
    "timers",
    "environment",
    "system",
    "secret",
    "units",
)
"""Steps of a machine's boot, in their order; `secret` is the master's only."""

BOOT_LOG: Final[str] = "/var/log/user-data.log"
"""What the boot wrote, on the machine."""

MASTER_UNIT: Final[str] = "locust-master"
"""The unit of Locust's master, without `.service`."""

WORKER_UNIT: Final[str] = "locust-worker@"
"""The units of Locust's workers: the number of the process follows."""

AGENT_UNIT: Final[str] = "locust-agent"
"""The unit of the agent's service, without `.service`."""

NodeVariable = Literal[
    "CLUSTER_ARCHITECTURE",
    "CLUSTER_BUCKET_REGION",
    "CLUSTER_FLEET",
    "CLUSTER_ID",
    "CLUSTER_INSTANCE_ID",
    "CLUSTER_INSTANCE_TYPE",
    "CLUSTER_LEDGER",
    "CLUSTER_MASTER_HOST",
    "CLUSTER_MASTER_PORT",
    "CLUSTER_NAME",
    "CLUSTER_NODE",
    "CLUSTER_PRIVATE_IP",
    "CLUSTER_PROCESS",
    "CLUSTER_PROCESSES",
    "CLUSTER_REGION",
    "CLUSTER_RELEASE",
    "CLUSTER_ROLE",
    "CLUSTER_RUNS_DIR",
    "CLUSTER_RUN_DIR",
    "CLUSTER_SECRETS",
    "CLUSTER_STATE_DIR",
    "CLUSTER_STORE",
    "CLUSTER_WEB_HOST",
    "CLUSTER_WEB_PORT",
    "CLUSTER_WORK_DIR",
]

NODE_VARIABLES: Final[tuple[NodeVariable, ...]] = get_args(NodeVariable)
"""What a process of a node is told by its environment (/etc/locust-cluster/node.env)."""

MANIFEST_KEY: Final[str] = "bundle/current.json"
"""Object of the store that says what the machines run."""

MASTER_FILE_KEY: Final[str] = "secrets/master.json"
"""Object of the store that only the master's role may read."""

BUNDLES: Final[str] = "bundle/"
"""Objects with a test, the agent and the second stage of the boot, by their hash."""

ENVIRONMENTS: Final[str] = "env/"
"""Objects with a Python environment, by its name."""

LEDGER: Final[str] = "nodes/"
"""Objects of the store with a machine's record each."""

RUNS: Final[str] = "runs/"
"""Objects of the store with the files of the runs."""

CONTENT_NAME_DIGITS: Final[int] = 20
"""Hexadecimal digits in the name of a bundle or an environment."""

LEDGER_EVERY_S: Final[int] = 60
"""A machine renews its record on every change, and else so often."""

COPY_EVERY_S: Final[int] = 20
"""The files of a run under way are copied to the store so often."""

RUN_ID_PATTERN: Final[str] = "[0-9]{8}-[0-9]{6}(-[a-z0-9]+)*"
"""Id of a run: a folder on any system, a key in the bucket; they sort by time."""

RUN_FILE: Final[str] = "run.json"
"""The file that describes a run; the last of its files to come to the bucket."""

TIMELINE_FILE: Final[str] = "timeline.csv"
"""The file with a row for every two seconds."""

SEGMENT_DIGITS: Final[int] = 6
"""Of the number behind the name of a file that is cut for the store."""

RunState = Literal[
    "scaling",
    "waiting",
    "starting",
    "running",
    "stopping",
    "finished",
    "failed",
    "cancelled",
    "interrupted",
]

RUN_STATES: Final[tuple[RunState, ...]] = get_args(RunState)
"""The states of a run, as run.json and the API name them."""

OVER_STATES: Final[tuple[RunState, ...]] = (
    "finished",
    "failed",
    "cancelled",
    "interrupted",
)
"""Nothing follows these."""

RUN_DETAILS: Final[tuple[str, ...]] = (
    "schema",
    "states",
    "request",
    "requests",
    "fleet_requests",
    "verdicts",
    "versions",
    "nodes",
)
"""Fields of a run that are left out where runs are listed."""

FIXED_WORKERS: Final[str] = "workers"
"""The machines of `workers` among fleets: no fleet has this name."""

MOST_USERS: Final[int] = 10000000
"""Of a run; more is a slip of the finger."""

RESPONSE_TIME_LIMITS_MS: Final[tuple[int, ...]] = (
    1000,
    10000,
    100000,
)
"""Response times are counted in ms below the first, ten times as coarsely from each on."""

CLUSTER_HEADER: Final[str] = "X-Locust-Cluster"
"""Id of a local cluster: in a request the one that is meant, in an answer who answers."""

EndCause = Literal[
    "spot",
    "group",
]

END_CAUSES: Final[tuple[EndCause, ...]] = get_args(EndCause)
"""Why AWS ends a machine of a fleet: a spot notice, or its Auto Scaling group."""

LEAVING: Final[str] = "cluster_leaving"
"""Message of a worker: its machine is about to end, and it leaves in order."""

HELLO: Final[str] = "cluster_hello"
"""Message of master and workers; its data is the id of the sender's cluster."""

IDENTITY: Final[str] = "cluster_identity"
"""Message of a worker before it says that it is ready: who it is, as on its reports."""

RANK: Final[str] = "cluster_rank"
"""Message of the master before the first users of a test: the process's number in it."""

REPORT_NOW: Final[str] = "cluster_report_now"
"""Message of the master: it wants what was counted so far."""

TEST_ENDED: Final[str] = "cluster_test_ended"
"""Message of a worker: one of its users has ended the test."""

ROWS: Final[str] = "cluster_rows"
"""Message of a worker that wants rows of a file, and of the master that lends them."""

REPORT_KEY: Final[str] = "cluster_node"
"""Key on the report that Locust's workers send every 3 s: who the worker is."""

CLASSES_KEY: Final[str] = "cluster_classes"
"""Key on a report: what the worker has counted by user class."""

NUMBER_KEY: Final[str] = "cluster_report"
"""Key on a report: its number, from 1 on."""

ReservedOption = Literal[
    "headless",
    "headful",
    "autostart",
    "autoquit",
    "processes",
    "web-host",
    "web-port",
    "web-base-path",
    "web-login",
    "tls-cert",
    "tls-key",
    "csv",
    "csv-full-history",
    "html",
    "json",
    "json-file",
    "exit-code-on-error",
    "locustfile",
    "master",
    "master-bind-host",
    "master-bind-port",
    "master-host",
    "master-port",
    "worker",
    "expect-workers",
    "expect-workers-max-wait",
    "list",
    "show-task-ratio",
    "show-task-ratio-json",
    "version",
    "help",
    "config",
]

RESERVED_OPTIONS: Final[dict[ReservedOption, str | None]] = {
    "headless": "LOCUST_HEADLESS",
    "headful": "LOCUST_HEADFUL",
    "autostart": "LOCUST_AUTOSTART",
    "autoquit": "LOCUST_AUTOQUIT",
    "processes": "LOCUST_PROCESSES",
    "web-host": "LOCUST_WEB_HOST",
    "web-port": "LOCUST_WEB_PORT",
    "web-base-path": "LOCUST_WEB_BASE_PATH",
    "web-login": "LOCUST_WEB_LOGIN",
    "tls-cert": "LOCUST_TLS_CERT",
    "tls-key": "LOCUST_TLS_KEY",
    "csv": "LOCUST_CSV",
    "csv-full-history": "LOCUST_CSV_FULL_HISTORY",
    "html": "LOCUST_HTML",
    "json": None,
    "json-file": None,
    "exit-code-on-error": "LOCUST_EXIT_CODE_ON_ERROR",
    "locustfile": "LOCUST_LOCUSTFILE",
    "master": "LOCUST_MODE_MASTER",
    "master-bind-host": "LOCUST_MASTER_BIND_HOST",
    "master-bind-port": "LOCUST_MASTER_BIND_PORT",
    "master-host": "LOCUST_MASTER_NODE_HOST",
    "master-port": "LOCUST_MASTER_NODE_PORT",
    "worker": "LOCUST_MODE_WORKER",
    "expect-workers": "LOCUST_EXPECT_WORKERS",
    "expect-workers-max-wait": "LOCUST_EXPECT_WORKERS_MAX_WAIT",
    "list": None,
    "show-task-ratio": None,
    "show-task-ratio-json": None,
    "version": None,
    "help": None,
    "config": None,
}
"""Locust's options that the cluster sets or forbids, and their variables (Locust 2.47.0)."""

RESERVED_LETTERS: Final[dict[str, str]] = {
    "P": "web-port",
    "V": "version",
    "f": "locustfile",
    "h": "help",
    "l": "list",
}
"""Short names of reserved options."""
