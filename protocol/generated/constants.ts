/** From protocol/constants.json, by `npm run generate`: change that file, not this one. */

/** Locust's page and API. */
export const WEB_PORT = 8089;

/** Locust's only port for workers (docs.locust.io, running-distributed). */
export const WORKERS_PORT = 5557;

/** Tag of everything that Terraform creates: which state knows of it. */
export const STATE_TAG = "locust-cluster-state";

/** Tag of everything: name of the cluster. */
export const NAME_TAG = "locust-cluster-name";

/** Tag of every machine: its role. */
export const ROLE_TAG = "locust-cluster-role";

/** Tag of a machine that has a name of its own: that name. */
export const NODE_TAG = "locust-cluster-node";

/** Tag by which a machine finds the cluster's bucket. */
export const BUCKET_TAG = "locust-cluster-bucket";

/** Tag by which a machine finds the name of its ledger record. */
export const ROLE_ID_TAG = "locust-cluster-role-id";

/** Tag of a fleet's machines and of its Auto Scaling group: name of the fleet. */
export const FLEET_TAG = "locust-cluster-fleet";

/** What a node is. */
export const ROLES = ["master", "worker"] as const;

export type Role = (typeof ROLES)[number];

/** How visitors log in to the page, `access.login` of cluster.yaml. */
export const LOGINS = ["generated", "custom", "none"] as const;

export type Login = (typeof LOGINS)[number];

/** Steps of a machine's boot, in their order; `secret` is the master's only. */
export const BOOT_STEPS = [
  "identity",
  "store",
  "bundle",
  "timers",
  "environment",
  "system",
  "secret",
  "units",
] as const;

/** What the boot wrote, on the machine. */
export const BOOT_LOG = "/var/log/user-data.log";

/** The unit of Locust's master, without `.service`. */
export const MASTER_UNIT = "locust-master";

/** The units of Locust's workers: the number of the process follows. */
export const WORKER_UNIT = "locust-worker@";

/** The unit of the agent's service, without `.service`. */
export const AGENT_UNIT = "locust-agent";

/** What a process of a node is told by its environment (/etc/locust-cluster/node.env). */
export const NODE_VARIABLES = [
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
] as const;

export type NodeVariable = (typeof NODE_VARIABLES)[number];

/** Object of the store that says what the machines run. */
export const MANIFEST_KEY = "bundle/current.json";

/** Object of the store that only the master's role may read. */
export const MASTER_FILE_KEY = "secrets/master.json";

/** Objects with a test, the agent and the second stage of the boot, by their hash. */
export const BUNDLES = "bundle/";

/** Objects with a Python environment, by its name. */
export const ENVIRONMENTS = "env/";

/** Objects of the store with a machine's record each. */
export const LEDGER = "nodes/";

/** Objects of the store with the files of the runs. */
export const RUNS = "runs/";

/** Hexadecimal digits in the name of a bundle or an environment. */
export const CONTENT_NAME_DIGITS = 20;

/** A machine renews its record on every change, and else so often. */
export const LEDGER_EVERY_S = 60;

/** The files of a run under way are copied to the store so often. */
export const COPY_EVERY_S = 20;

/** Id of a run: a folder on any system, a key in the bucket; they sort by time. */
export const RUN_ID_PATTERN = "[0-9]{8}-[0-9]{6}(-[a-z0-9]+)*";

/** The file that describes a run; the last of its files to come to the bucket. */
export const RUN_FILE = "run.json";

/** The file with a row for every two seconds. */
export const TIMELINE_FILE = "timeline.csv";

/** Of the number behind the name of a file that is cut for the store. */
export const SEGMENT_DIGITS = 6;

/** The states of a run, as run.json and the API name them. */
export const RUN_STATES = [
  "scaling",
  "waiting",
  "starting",
  "running",
  "stopping",
  "finished",
  "failed",
  "cancelled",
  "interrupted",
] as const;

export type RunState = (typeof RUN_STATES)[number];

/** Nothing follows these. */
export const OVER_STATES: readonly RunState[] = ["finished", "failed", "cancelled", "interrupted"];

/** Fields of a run that are left out where runs are listed. */
export const RUN_DETAILS = [
  "schema",
  "states",
  "request",
  "requests",
  "fleet_requests",
  "verdicts",
  "versions",
  "nodes",
] as const;

/** The machines of `workers` among fleets: no fleet has this name. */
export const FIXED_WORKERS = "workers";

/** Of a run; more is a slip of the finger. */
export const MOST_USERS = 10000000;

/** Response times are counted in ms below the first, ten times as coarsely from each on. */
export const RESPONSE_TIME_LIMITS_MS = [1000, 10000, 100000] as const;

/** Id of a local cluster: in a request the one that is meant, in an answer who answers. */
export const CLUSTER_HEADER = "X-Locust-Cluster";

/** Why AWS ends a machine of a fleet: a spot notice, or its Auto Scaling group. */
export const END_CAUSES = ["spot", "group"] as const;

export type EndCause = (typeof END_CAUSES)[number];

/** Message of a worker: its machine is about to end, and it leaves in order. */
export const LEAVING = "cluster_leaving";

/** Message of master and workers; its data is the id of the sender's cluster. */
export const HELLO = "cluster_hello";

/** Message of a worker before it says that it is ready: who it is, as on its reports. */
export const IDENTITY = "cluster_identity";

/** Message of the master before the first users of a test: the process's number in it. */
export const RANK = "cluster_rank";

/** Message of the master: it wants what was counted so far. */
export const REPORT_NOW = "cluster_report_now";

/** Message of a worker: one of its users has ended the test. */
export const TEST_ENDED = "cluster_test_ended";

/** Message of a worker that wants rows of a file, and of the master that lends them. */
export const ROWS = "cluster_rows";

/** Key on the report that Locust's workers send every 3 s: who the worker is. */
export const REPORT_KEY = "cluster_node";

/** Key on a report: what the worker has counted by user class. */
export const CLASSES_KEY = "cluster_classes";

/** Key on a report: its number, from 1 on. */
export const NUMBER_KEY = "cluster_report";

/** Locust's options that the cluster sets or forbids, and their variables (Locust 2.47.0). */
export const RESERVED_OPTIONS = {
  headless: "LOCUST_HEADLESS",
  headful: "LOCUST_HEADFUL",
  autostart: "LOCUST_AUTOSTART",
  autoquit: "LOCUST_AUTOQUIT",
  processes: "LOCUST_PROCESSES",
  "web-host": "LOCUST_WEB_HOST",
  "web-port": "LOCUST_WEB_PORT",
  "web-base-path": "LOCUST_WEB_BASE_PATH",
  "web-login": "LOCUST_WEB_LOGIN",
  "tls-cert": "LOCUST_TLS_CERT",
  "tls-key": "LOCUST_TLS_KEY",
  csv: "LOCUST_CSV",
  "csv-full-history": "LOCUST_CSV_FULL_HISTORY",
  html: "LOCUST_HTML",
  json: null,
  "json-file": null,
  "exit-code-on-error": "LOCUST_EXIT_CODE_ON_ERROR",
  locustfile: "LOCUST_LOCUSTFILE",
  master: "LOCUST_MODE_MASTER",
  "master-bind-host": "LOCUST_MASTER_BIND_HOST",
  "master-bind-port": "LOCUST_MASTER_BIND_PORT",
  "master-host": "LOCUST_MASTER_NODE_HOST",
  "master-port": "LOCUST_MASTER_NODE_PORT",
  worker: "LOCUST_MODE_WORKER",
  "expect-workers": "LOCUST_EXPECT_WORKERS",
  "expect-workers-max-wait": "LOCUST_EXPECT_WORKERS_MAX_WAIT",
  list: null,
  "show-task-ratio": null,
  "show-task-ratio-json": null,
  version: null,
  help: null,
  config: null,
} as const;

export type ReservedOption = keyof typeof RESERVED_OPTIONS;

/** Short names of reserved options. */
export const RESERVED_LETTERS = {
  P: "web-port",
  V: "version",
  f: "locustfile",
  h: "help",
  l: "list",
} as const;
