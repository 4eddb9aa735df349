import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { OUTPUTS, record } from "../recorded-cluster";
import { described } from "../stub-aws";
import { NO_RECORDS, StubDeployments } from "../stub-deployments";

/** `ssh` and `logs` of deployed clusters, with a stub in the place of ssh. */
jest.setTimeout(60_000);

const deployments = new StubDeployments();
const deployed = deployments.deployed.bind(deployments);
const aws = deployments.aws.bind(deployments);

/** A machine that no deploy has created by itself. */
const EXTRA = record("eu-00c0ffee", { instance_id: "i-0f00000000c0ffee" });
const LISTED =
  "<ListBucketResult><Contents><Key>nodes/AROA:i-0f00000000c0ffee.json</Key><ETag>1</ETag>" +
  "<LastModified>2026-11-21T10:00:00.000Z</LastModified></Contents></ListBucketResult>";

test("ssh gives the key to ssh in a file that is ours alone, and its exit code back", async () => {
  const made = deployed();
  made.stub("ssh", 'printf "%s\\n" "$@"; exit 7');
  const env = await aws({ DescribeInstances: described("running", "127.0.0.77") });
  const { code, stdout } = await made.run(["ssh", "worker-1", "--", "journalctl", "-n", "5"], env);
  const folder = join(made.folder, ".cache", "locust");
  expect(code).toBe(7);
  expect(stdout.split("\n").slice(0, 2)).toEqual(["-i", join(folder, "id_rsa")]);
  expect(stdout).toContain(`UserKnownHostsFile="${join(folder, "known_hosts")}"\n`);
  expect(stdout).toContain("HostKeyAlias=i-worker-1\n");
  expect(stdout.split("\n").slice(-6)).toEqual(["admin@127.0.0.77", "--", "journalctl", "-n", "5", ""]);
  expect(readFileSync(join(folder, "id_rsa"), "utf8")).toBe(OUTPUTS.private_key);
  expect(statSync(join(folder, "id_rsa")).mode & 0o777).toBe(0o600);
});

test("ssh says when a machine is stopped, and how to start it", async () => {
  const env = await aws({ DescribeInstances: described("stopped") });
  const { code, stderr } = await deployed().run(["ssh", "worker-1"], env);
  expect(stderr).toBe(
    "worker-1 (i-worker-1) is stopped\nstart it with 'aws ec2 start-instances --instance-ids i-worker-1'\n",
  );
  expect(code).toBe(2);
});

test("ssh takes the address of the last deploy when EC2 cannot be asked", async () => {
  const made = deployed();
  made.stub("ssh", 'printf "%s\\n" "$@"');
  const { stdout, stderr } = await made.run(["ssh", "worker-1"]);
  expect(stdout).toContain("admin@127.0.0.9\n");
  expect(stderr).toContain("trying 127.0.0.9, which it had when it was deployed");
});

test("logs reads a worker's log where EC2 finds the worker now", async () => {
  const made = deployed();
  made.stub("ssh", 'printf "%s\\n" "$@"');
  const env = await aws({ DescribeInstances: described("running", "127.0.0.77") });
  const { stdout } = await made.run(["logs", "worker-1", "--cloud"], env);
  expect(stdout).toContain("admin@127.0.0.77\n");
});

test("'ssh all' runs a command on every machine, and names those on which it failed", async () => {
  const made = deployed();
  made.stub("ssh", 'case "$*" in *worker-1*) echo busy; exit 7 ;; *) echo idle ;; esac');
  const env = await aws({
    ...NO_RECORDS,
    DescribeInstances: described("running", "127.0.0.77"),
  });
  const result = await made.run(["ssh", "all", "--", "uptime"], env);
  const shell = await made.run(["ssh", "all"], env);
  expect(result).toEqual({
    code: 3,
    stdout: "master   | idle\nworker-1 | busy\n",
    stderr: "failed on 1 of 2: worker-1 (exit code 7)\n",
  });
  expect(shell.stderr).toBe(
    "'all' needs a command\nsuch as 'npx locust-cluster ssh all -- uptime'; a shell opens on one machine: 'npx locust-cluster ssh worker-1'\n",
  );
  expect(shell.code).toBe(2);
});

test("'logs all --follow' shows every machine's lines with its name", async () => {
  const made = deployed();
  made.stub("ssh", 'echo "$*"');
  const env = await aws({ DescribeInstances: described("running", "127.0.0.77") });
  const { code, stdout } = await made.run(["logs", "all", "--follow"], env);
  expect(stdout).toMatch(/^master   \| .* admin@127.0.0.9 -- sudo journalctl -u locust-master .* -f$/m);
  expect(stdout).toMatch(/^worker-1 \| .* admin@127.0.0.77 -- sudo journalctl -u 'locust-worker@\*' .* -f$/m);
  expect(code).toBe(0);
});

test("ssh names the machines that there are", async () => {
  const env = await aws(NO_RECORDS);
  const result = await deployed().run(["ssh", "worker-9"], env);
  expect(result).toEqual({
    code: 2,
    stdout: "",
    stderr: "there is no machine 'worker-9': choose one of master, worker-1, or all\n",
  });
});

test("ssh says that there may be more machines than it can find", async () => {
  const { code, stderr } = await deployed().run(["ssh", "worker-9"]);
  expect(stderr).toContain(
    "there is no machine 'worker-9': choose one of master, worker-1, or all\n" +
      "there may be more machines: the bucket locust-1234 could not be read: ",
  );
  expect(code).toBe(2);
});

test("ssh takes the id of an instance", async () => {
  const made = deployed();
  made.stub("ssh", 'printf "%s\\n" "$@"');
  const { stdout } = await made.run(["ssh", "i-worker-1"]);
  expect(stdout).toContain("HostKeyAlias=i-worker-1\n");
});

test("ssh reaches a machine that only the ledger knows", async () => {
  const made = deployed();
  made.stub("ssh", 'printf "%s\\n" "$@"');
  const env = await aws({
    GET: [LISTED, JSON.stringify(EXTRA)].map((body) => ({ status: 200, body })),
    DescribeInstances: described("running", "127.0.0.88", EXTRA.instance_id),
  });
  const { stdout } = await made.run(["ssh", EXTRA.name], env);
  expect(stdout).toContain("HostKeyAlias=i-0f00000000c0ffee\n");
  expect(stdout).toContain("admin@127.0.0.88\n");
});

test("ssh reaches a machine of another region, which EC2 knows there only", async () => {
  const made = deployed();
  made.stub("ssh", 'printf "%s\\n" "$@"');
  const far = { ...EXTRA, region: "eu-central-1" };
  const env = await aws({
    GET: [LISTED, JSON.stringify(far)].map((body) => ({ status: 200, body })),
    DescribeInstances: described("terminated", undefined, far.instance_id),
    "DescribeInstances in eu-central-1": described("running", "127.0.0.99", far.instance_id),
  });
  const { stdout } = await made.run(["ssh", far.name], env);
  expect(stdout).toContain("admin@127.0.0.99\n");
});

test("'ssh all' does not reach a machine that EC2 has ended, though its record is there", async () => {
  const made = deployed();
  made.stub("ssh", "echo idle");
  const env = await aws({
    GET: [LISTED, JSON.stringify(EXTRA)].map((body) => ({ status: 200, body })),
    DescribeInstances: [
      described("terminated", undefined, EXTRA.instance_id),
      described("running", "127.0.0.77"),
    ],
  });
  const { stdout } = await made.run(["ssh", "all", "--", "uptime"], env);
  expect(stdout).toBe("master   | idle\nworker-1 | idle\n");
});
