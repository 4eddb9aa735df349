import { lstatSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { BOOT_STEPS } from "../../protocol/generated/constants";
import { problemsOf } from "../helpers/schema";
import { ENVIRONMENT, Machine, PYTHON_VERSION } from "./machine";

const OPT = "opt/locust-cluster";
const SYSTEM = "etc/systemd/system";
const WORKER_STEPS: readonly string[] = BOOT_STEPS.filter((step) => step !== "secret");

describe("user data as cloud-init runs it", () => {
  const machine = new Machine("worker");
  afterAll(() => machine.remove());

  test("installs itself as a service that systemd starts again after a failure and after a reboot", () => {
    expect(machine.install()).toMatchObject({ status: 0 });

    expect(machine.calls()).toEqual(["systemctl enable --quiet --now --no-block locust-bootstrap.service"]);
    const unit = machine.read(`${SYSTEM}/locust-bootstrap.service`);
    expect(unit).toContain("ExecStart=/bin/bash /usr/local/lib/locust-cluster/bootstrap run\n");
    expect(unit).toContain("Restart=on-failure\nRestartSec=30\n");
    expect(unit).toContain("StartLimitIntervalSec=0\n");
    expect(unit).toContain("WantedBy=multi-user.target\n");
    expect(machine.read("usr/local/lib/locust-cluster/bootstrap")).toMatch(/^#!\/bin\/bash\nROLE='worker'\n/);
  });
});

describe("bootstrap of a worker", () => {
  const machine = new Machine("worker");
  const result = machine.bootstrap();
  afterAll(() => machine.remove());

  test("ends well and says each step with its time, in the log and on the console", () => {
    expect(result).toMatchObject({ status: 0, stderr: "" });
    for (const text of [machine.read("var/log/user-data.log"), result.stdout])
      for (const step of WORKER_STEPS)
        expect(text).toMatch(
          new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z ${step}: done in \\d+\\.\\d{3} s$`, "m"),
        );
  });

  test("unpacks environment and test, readable for Locust's user", () => {
    const venv = `${OPT}/env/${ENVIRONMENT}`;
    expect(machine.has(`${venv}/lib/python${PYTHON_VERSION}/site-packages/locust/__init__.py`)).toBe(true);
    expect(machine.has(`${venv}/bin/python`)).toBe(true);
    const mode = (path: string) =>
      statSync(join(machine.root, OPT, "bundle", machine.bundle, path)).mode & 0o777;
    expect(mode("test/locustfile.py")).toBe(0o644);
    expect(mode("test/data/prepare")).toBe(0o755);
  });

  test("links environment, test and agent into a release and the release to current", () => {
    const link = (path: string) => readlinkSync(join(machine.root, OPT, path));
    expect(link("current")).toBe(`release/${machine.bundle}-${ENVIRONMENT}`);
    expect(link("current/venv")).toBe(`../../env/${ENVIRONMENT}`);
    expect(machine.has(`${OPT}/current/test/locustfile.py`)).toBe(true);
    expect(machine.has(`${OPT}/current/agent/locust_cluster/__init__.py`)).toBe(true);
    expect(JSON.parse(machine.read(`${OPT}/current/current.json`))).toMatchObject({
      bundle: machine.bundle,
    });
    expect(machine.read(`${OPT}/current.json`)).toBe(machine.read(`${OPT}/current/current.json`));
  });

  test("starts one unit per vCPU, and the agent when its own last record has arrived", () => {
    const calls = machine.calls();
    const units = "locust-worker@1.service locust-worker@2.service";
    expect(calls).toContain(`systemctl enable --quiet locust-agent.service ${units}`);
    expect(calls).toContain(`systemctl restart --no-block ${units}`);
    expect(calls.at(-1)).toBe("systemctl restart --no-block locust-agent.service");
    expect(calls.at(-2)).toBe("curl PUT nodes/AROAEXAMPLE%3Ai-0123456789abcdef0.json");
  });

  test("writes a unit that outlives a failed update and every end of Locust", () => {
    const unit = machine.read(`${SYSTEM}/locust-worker@.service`);
    const python = "/opt/locust-cluster/current/venv/bin/python";
    expect(unit).toContain(`ExecStartPre=-+/usr/bin/timeout 60 ${python} -m locust_cluster.service.update\n`);
    expect(unit).toContain(`ExecStart=${python} -m locust_cluster.plugin.launch\n`);
    expect(unit).toContain("Environment=CLUSTER_PROCESS=%i HOME=/var/lib/locust\n");
    for (const line of ["User=locust", "Restart=always", "RestartSec=2", "StartLimitIntervalSec=0"])
      expect(unit.split("\n")).toContain(line);
    expect(unit).toContain("LimitNOFILE=1048576\n");
  });

  test("tells Locust and the agent where they are", () => {
    expect(machine.read("etc/locust-cluster/node.env").split("\n")).toEqual(
      expect.arrayContaining([
        "CLUSTER_NAME=load",
        "CLUSTER_NODE=worker-1",
        "CLUSTER_FLEET=",
        "CLUSTER_ROLE=worker",
        "CLUSTER_INSTANCE_ID=i-0123456789abcdef0",
        "CLUSTER_INSTANCE_TYPE=c7i.large",
        "CLUSTER_PRIVATE_IP=10.77.1.5",
        "CLUSTER_MASTER_HOST=10.77.0.4",
        "CLUSTER_MASTER_PORT=5557",
        "CLUSTER_REGION=us-west-2",
        "CLUSTER_BUCKET_REGION=eu-central-1",
        "CLUSTER_LEDGER=nodes/AROAEXAMPLE:i-0123456789abcdef0.json",
        "CLUSTER_ARCHITECTURE=x86_64",
        "CLUSTER_STORE=s3://load-bucket",
        "CLUSTER_RELEASE=/opt/locust-cluster/current",
        "CLUSTER_STATE_DIR=/var/lib/locust-cluster",
        "CLUSTER_RUN_DIR=/run/locust-cluster",
        "CLUSTER_WORK_DIR=/var/lib/locust/work",
        "CLUSTER_SECRETS=",
        "CLUSTER_PROCESSES=2",
        "CLUSTER_WEB_HOST=0.0.0.0",
        "CLUSTER_WEB_PORT=8089",
        "PYTHONPATH=/opt/locust-cluster/current/agent",
      ]),
    );
  });

  test("makes the user, and goes on when the kernel refuses its limits", () => {
    const user = machine.calls().find((call) => call.startsWith("useradd"));
    expect(user).toContain("--home-dir /var/lib/locust");
    expect(machine.read("etc/sysctl.d/90-locust-cluster.conf")).toContain("reserved_ports = 5557,8089\n");
    expect(machine.read("var/log/user-data.log")).toContain("system: the kernel refused a limit\n");
  });

  test("reports its way to the bucket, the last record last", () => {
    const sent = machine.sent();
    const stages = sent.map((record) => WORKER_STEPS.indexOf(record.stage));
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
    expect(sent.slice(0, -1).every((record) => record.state === "booting")).toBe(true);
    expect(sent.map((record) => problemsOf("node-record", record)).filter(Boolean)).toEqual([]);
    const last = machine.lastSent();
    expect(last).toMatchObject({
      schema: 1,
      instance_id: "i-0123456789abcdef0",
      name: "worker-1",
      role: "worker",
      private_ip: "10.77.1.5",
      region: "us-west-2",
      fleet: "",
      state: "starting",
      stage: "units",
      processes: 2,
      bundle: machine.bundle,
      environment: ENVIRONMENT,
      versions: { locust: "2.47.0" },
      failure: null,
    });
    expect(last.steps.map((step) => step.name)).toEqual(WORKER_STEPS);
    expect(JSON.parse(machine.read("var/lib/locust-cluster/ledger.json"))).toEqual(last);
  });

  test("shows no secret in the log, on the console or in the process list, and keeps no credentials", () => {
    const seen = [machine.read("var/log/user-data.log"), result.stdout, machine.argumentsSeen()].join("\n");
    expect(machine.argumentsSeen()).toContain("aws:amz:eu-central-1:s3");
    expect(seen).not.toMatch(/SECRET|TOKEN|PASSWORD/);
    expect(machine.has("run/locust-bootstrap/s3.curl")).toBe(false);
    expect(lstatSync(join(machine.root, "run/locust-bootstrap")).mode & 0o777).toBe(0o700);
  });
});

describe("bootstrap of the master", () => {
  const machine = new Machine("master");
  const result = machine.bootstrap();
  afterAll(() => machine.remove());

  test("starts Locust's one unit, with the login that only root and Locust may read", () => {
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(machine.calls()).toContain("systemctl restart --no-block locust-master.service");
    expect(machine.calls()).toContain(`install -g locust ${machine.root}/etc/locust-cluster/master.json.new`);
    expect(statSync(join(machine.root, "etc/locust-cluster/master.json")).mode & 0o777).toBe(0o640);
    expect(machine.has("var/lib/locust-cluster/download/master.json")).toBe(false);
    expect(machine.read("etc/locust-cluster/node.env")).toContain(
      "CLUSTER_SECRETS=/etc/locust-cluster/master.json\nCLUSTER_PROCESSES=1\n",
    );
    expect(machine.read(`${SYSTEM}/locust-master.service`)).toContain("Environment=CLUSTER_PROCESS=1 ");
    const steps = machine.lastSent().steps.map((step) => step.name);
    expect(steps).toEqual([...WORKER_STEPS.slice(0, -1), "secret", "units"]);
  });
});

describe("bootstrap with an environment", () => {
  const MAIN = "from pathlib import Path\nPath(__file__).with_name('loaded').touch()\n";
  const site = `${OPT}/env/${ENVIRONMENT}/lib/python${PYTHON_VERSION}/site-packages`;

  test.each([
    ["without byte code makes it", undefined, true],
    ["of packed modules, which have it, does not load Locust for it", "packed-modules", false],
  ])("%s", (_, file, loads) => {
    const machine = new Machine("worker");
    machine.addToEnvironment("locust/main.py", MAIN);
    if (file) machine.addToEnvironment(file, "");
    expect(machine.bootstrap()).toMatchObject({ status: 0 });
    expect(machine.has(`${site}/locust/loaded`)).toBe(loads);
    machine.remove();
  });
});
