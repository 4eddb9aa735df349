import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { StubMaster } from "../helpers/stub-master";
import { answer, OUTPUTS, record } from "./recorded-cluster";
import { awsFailure, serveAws } from "./stub-aws";
import { linkPackages, runCli, StubProject } from "./stub-project";

/** Commands on what Terraform's state tells, with a stub in the place of Terraform. */
jest.setTimeout(60_000);

let scratch: string;
let packages: string;
let count = 0;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-deployed-"));
  packages = linkPackages(scratch);
  await runCli(["--version"]); // compiles, if a source has changed
}, 120_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** The ledger of a cluster whose machines have not reported: S3's calls have no name. */
const NO_RECORDS = { GET: { status: 200, body: "<ListBucketResult/>" } };

/** What EC2 answers of one instance. */
function described(state: string, address?: string, id = "i-worker-1"): { status: number; body: string } {
  const ip = address === undefined ? "" : `<ipAddress>${address}</ipAddress>`;
  const item = `<item><instanceId>${id}</instanceId><instanceState><name>${state}</name></instanceState>${ip}</item>`;
  return {
    status: 200,
    body: `<DescribeInstancesResponse><reservationSet><item><instancesSet>${item}</instancesSet></item></reservationSet></DescribeInstancesResponse>`,
  };
}

/** A machine that no deploy has created by itself. */
const EXTRA = record("eu-00c0ffee", { instance_id: "i-0f00000000c0ffee" });
const LISTED =
  "<ListBucketResult><Contents><Key>nodes/AROA:i-0f00000000c0ffee.json</Key><ETag>1</ETag>" +
  "<LastModified>2026-11-21T10:00:00.000Z</LastModified></Contents></ListBucketResult>";

describe("a cluster that was deployed", () => {
  const withState = (more: Partial<ClusterOutputs> = {}): StubProject => {
    count += 1;
    const made = new StubProject(join(scratch, String(count)), packages);
    made.stubOutputs({ ...OUTPUTS, ...more });
    return made;
  };

  test("ssh gives the key to ssh in a file that is ours alone, and its exit code back", async () => {
    const made = withState();
    made.stub("ssh", 'printf "%s\\n" "$@"; exit 7');
    const { server, env } = await serveAws({ DescribeInstances: described("running", "127.0.0.77") });
    const { code, stdout } = await made.run(["ssh", "worker-1", "--", "journalctl", "-n", "5"], env);
    server.close();
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
    const { server, env } = await serveAws({ DescribeInstances: described("stopped") });
    const { code, stderr } = await withState().run(["ssh", "worker-1"], env);
    server.close();
    expect(stderr).toBe(
      "worker-1 (i-worker-1) is stopped\nstart it with 'aws ec2 start-instances --instance-ids i-worker-1'\n",
    );
    expect(code).toBe(2);
  });

  test("ssh takes the address of the last deploy when EC2 cannot be asked", async () => {
    const made = withState();
    made.stub("ssh", 'printf "%s\\n" "$@"');
    const { stdout, stderr } = await made.run(["ssh", "worker-1"]);
    expect(stdout).toContain("admin@127.0.0.9\n");
    expect(stderr).toContain("trying 127.0.0.9, which it had when it was deployed");
  });

  test("logs reads a worker's log where EC2 finds the worker now", async () => {
    const made = withState();
    made.stub("ssh", 'printf "%s\\n" "$@"');
    const { server, env } = await serveAws({ DescribeInstances: described("running", "127.0.0.77") });
    const { stdout } = await made.run(["logs", "worker-1", "--cloud"], env);
    server.close();
    expect(stdout).toContain("admin@127.0.0.77\n");
  });

  test("'ssh all' runs a command on every machine, and names those on which it failed", async () => {
    const made = withState();
    made.stub("ssh", 'case "$*" in *worker-1*) echo busy; exit 7 ;; *) echo idle ;; esac');
    const { server, env } = await serveAws({
      ...NO_RECORDS,
      DescribeInstances: described("running", "127.0.0.77"),
    });
    const result = await made.run(["ssh", "all", "--", "uptime"], env);
    const shell = await made.run(["ssh", "all"], env);
    server.close();
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
    const made = withState();
    made.stub("ssh", 'echo "$*"');
    const { server, env } = await serveAws({ DescribeInstances: described("running", "127.0.0.77") });
    const { code, stdout } = await made.run(["logs", "all", "--follow"], env);
    server.close();
    expect(stdout).toMatch(/^master   \| .* admin@127.0.0.9 -- sudo journalctl -u locust-master .* -f$/m);
    expect(stdout).toMatch(
      /^worker-1 \| .* admin@127.0.0.77 -- sudo journalctl -u 'locust-worker@\*' .* -f$/m,
    );
    expect(code).toBe(0);
  });

  test("ssh names the machines that there are", async () => {
    const { server, env } = await serveAws(NO_RECORDS);
    const result = await withState().run(["ssh", "worker-9"], env);
    server.close();
    expect(result).toEqual({
      code: 2,
      stdout: "",
      stderr: "there is no machine 'worker-9': choose one of master, worker-1, or all\n",
    });
  });

  test("ssh says that there may be more machines than it can find", async () => {
    const { code, stderr } = await withState().run(["ssh", "worker-9"]);
    expect(stderr).toContain(
      "there is no machine 'worker-9': choose one of master, worker-1, or all\n" +
        "there may be more machines: the bucket locust-1234 could not be read: ",
    );
    expect(code).toBe(2);
  });

  test("ssh takes the id of an instance", async () => {
    const made = withState();
    made.stub("ssh", 'printf "%s\\n" "$@"');
    const { stdout } = await made.run(["ssh", "i-worker-1"]);
    expect(stdout).toContain("HostKeyAlias=i-worker-1\n");
  });

  test("ssh reaches a machine that only the ledger knows", async () => {
    const made = withState();
    made.stub("ssh", 'printf "%s\\n" "$@"');
    const { server, env } = await serveAws({
      GET: [LISTED, JSON.stringify(EXTRA)].map((body) => ({ status: 200, body })),
      DescribeInstances: described("running", "127.0.0.88", EXTRA.instance_id),
    });
    const { stdout } = await made.run(["ssh", EXTRA.name], env);
    server.close();
    expect(stdout).toContain("HostKeyAlias=i-0f00000000c0ffee\n");
    expect(stdout).toContain("admin@127.0.0.88\n");
  });

  test("'ssh all' does not reach a machine that EC2 has ended, though its record is there", async () => {
    const made = withState();
    made.stub("ssh", "echo idle");
    const { server, env } = await serveAws({
      GET: [LISTED, JSON.stringify(EXTRA)].map((body) => ({ status: 200, body })),
      DescribeInstances: [
        described("terminated", undefined, EXTRA.instance_id),
        described("running", "127.0.0.77"),
      ],
    });
    const { stdout } = await made.run(["ssh", "all", "--", "uptime"], env);
    server.close();
    expect(stdout).toBe("master   | idle\nworker-1 | idle\n");
  });

  test("status shows what the master sees when the bucket may not be read", async () => {
    const master = await StubMaster.start(OUTPUTS.api_token);
    master.nodes = answer({ "worker-1": 2 });
    const { server, env } = await serveAws({ GET: awsFailure(403, "AccessDenied", "Access Denied") });
    const { code, stderr } = await withState({ master_url: master.url }).run(["status"], env);
    server.close();
    master.stop();
    expect(stderr).toContain("the bucket locust-1234 could not be read: permission is missing");
    expect(stderr).toContain("this is what the master sees");
    expect(code).toBe(0);
  });

  describe("whose master rejects the token", () => {
    const REJECTED = "the master of cluster 'locust' rejected the token";
    let master: StubMaster;

    beforeAll(async () => {
      master = await StubMaster.start("another");
    });

    afterAll(() => {
      master.stop();
    });

    test.each([[["status"]], [["status", "--wait"]], [["ssh", "worker-9"]], [["logs", "worker-9"]]])(
      "%j says so in a sentence",
      async (args) => {
        const { server, env } = await serveAws(NO_RECORDS);
        const { code, stderr } = await withState({ master_url: master.url }).run(args, env);
        server.close();
        expect(stderr).toContain(REJECTED);
        expect(stderr).not.toMatch(/^ +at /m);
        expect(code).toBe(2);
      },
    );

    test("'ssh all' reaches the machines of the last deploy", async () => {
      const made = withState({ master_url: master.url });
      made.stub("ssh", "echo idle");
      const { server, env } = await serveAws({
        ...NO_RECORDS,
        DescribeInstances: described("running", "127.0.0.77"),
      });
      const { code, stdout } = await made.run(["ssh", "all", "--", "uptime"], env);
      server.close();
      expect(stdout).toBe("master   | idle\nworker-1 | idle\n");
      expect(code).toBe(0);
    });
  });

  describe("with fleets", () => {
    const EU = { region: "eu-central-1", size: 0, max: 20, spot: true, idle: 600, started: 6, problem: null };
    let master: StubMaster;

    beforeEach(async () => {
      master = await StubMaster.start(OUTPUTS.api_token);
      master.nodes = answer({});
      master.fleets = { eu: { ...EU, scaled: null } };
    });

    afterEach(() => {
      master.stop();
    });

    async function runOn(args: readonly string[]) {
      const { server, env } = await serveAws(NO_RECORDS);
      return withState({ master_url: master.url })
        .run(args, env)
        .finally(() => server.close());
    }

    test("'fleets' lists them", async () => {
      await expect(runOn(["fleets"])).resolves.toEqual({
        code: 0,
        stdout:
          "fleet  region        size  max  desired  ready  spot  activity\n" +
          "eu     eu-central-1     0   20        -      0  yes   6 booting\n",
        stderr: "",
      });
    });

    test("'fleets --json' has all that is known", async () => {
      const { code, stdout } = await runOn(["fleets", "--json"]);
      expect(JSON.parse(stdout)).toEqual({
        fleets: [{ name: "eu", ...EU, scaled: null, desired: null, ready: 0, draining: 0, failed: 0 }],
      });
      expect(code).toBe(0);
    });

    test("'fleets' says that there are none", async () => {
      master.fleets = {};
      await expect(runOn(["fleets"])).resolves.toEqual({
        code: 0,
        stdout: "",
        stderr:
          "cluster 'locust' has no fleets: name some in cluster.yaml, then 'npx locust-cluster deploy'\n",
      });
    });

    test("'scale' sets one", async () => {
      await expect(runOn(["scale", "eu", "10"])).resolves.toEqual({
        code: 0,
        stdout: "",
        stderr:
          "fleet eu: 10 machines for 10m, and longer if a run begins\n" +
          "see them with 'npx locust-cluster fleets'\n",
      });
      expect(master.asked).toEqual(["PUT /cluster/fleets/eu"]);
      expect(master.scaled).toEqual({ machines: 10 });
    });

    test.each([
      [["scale", "ue", "10"], "the cluster has no fleet 'ue': it has eu\n"],
      [["scale", "eu", "ten"], "<machines> must be a whole number of 0 or more, got 'ten'\n"],
    ])("%j is refused", async (args, stderr) => {
      await expect(runOn(args)).resolves.toEqual({ code: 2, stdout: "", stderr });
    });

    test.each([[["fleets"]], [["scale", "eu", "10"]]])("%j says that the master is older", async (args) => {
      master.fleets = undefined;
      await expect(runOn(args)).resolves.toEqual({
        code: 2,
        stdout: "",
        stderr:
          "the master of cluster 'locust' runs an older version, which knows no fleets\n" +
          "bring it up to date with 'npx locust-cluster deploy'\n",
      });
    });
  });

  test("status says that there is none when the state is empty", async () => {
    const made = withState();
    writeFileSync(join(made.folder, "outputs.json"), "{}");
    await expect(made.run(["status"])).resolves.toEqual({
      code: 2,
      stdout: "",
      stderr:
        `no cluster 'locust' found in ${made.folder}, and no local cluster is running\n` +
        "start one with 'npx locust-cluster local' in another terminal, or 'npx locust-cluster deploy' on EC2\n",
    });
  });
});
