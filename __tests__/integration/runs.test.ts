import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "../../test-runs/run/run-api";
import { end, LocalSuite, LOCUSTFILE, untilSaid, type Ended } from "../helpers/local-suite";

const suite = new LocalSuite();
const { root, scratch } = suite;

beforeAll(() => suite.start(LOCUSTFILE), 120_000);
afterAll(() => suite.stop(), 30_000);

const cli = (...args: string[]) => suite.run(...args);

function parse<Document>({ stdout }: Ended): Document {
  return JSON.parse(stdout) as Document;
}

const idIn = (text: string) => /\d{8}-\d{6}(-[a-z0-9]+)*/.exec(text)![0];

const BRIEF = ["-u", "4", "-r", "4", "-t", "4s", "-T", "good"];

test("a run passes: figures, verdicts, files, JUnit and summary", async () => {
  const junit = join(scratch, "reports", "junit.xml");
  const summary = join(scratch, "summary.md");
  const reports = ["--junit", junit, "--summary", summary];
  const ended = await cli("run", ...BRIEF, "--name", "home", "--threshold", "fail_ratio < 1%", ...reports);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/run \d{8}-\d{6}-home passed\n/);
  expect(ended.stdout).toMatch(/GET \/ +\d+ +0 +[\d.]+/);
  expect(ended.stdout).toMatch(/passed {2}fail_ratio < 1% {2}0%, below 1%/);
  expect(ended.stdout).not.toMatch(/running/);
  expect(ended.stderr).toMatch(/running .*of 4s/);
  const files = readdirSync(join(root, "runs", idIn(ended.stdout)));
  expect(files).toEqual(expect.arrayContaining(["run.json", "stats.csv", "timeline.csv", "report.html"]));
  const parsed = execFileSync("python3", ["-c", READ_JUNIT, junit], { encoding: "utf8" });
  expect(parsed.trim()).toBe("2 cases, 0 failures");
  expect(readFileSync(summary, "utf8")).toContain("✅ Load test home passed");
});

const READ_JUNIT = `
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
print(len(root.findall(".//testcase")), "cases,", len(root.findall(".//failure")), "failures")`;

test("a missed threshold is exit code 1, and --json prints the run and nothing else", async () => {
  const ended = await cli("run", ...BRIEF, "--name", "missed", "--threshold", "rps > 100000", "--json");
  expect(ended.code).toBe(1);
  const run = parse<Run>(ended);
  expect(run).toMatchObject({ state: "finished", passed: false, name: "missed" });
  expect(run.verdicts).toMatchObject([{ expression: "rps > 100000", passed: false }]);
});

test("a test that raises is a failed run that shows the exception", async () => {
  const ended = await cli("run", "-u", "2", "-t", "3s", "-T", "raises");
  expect(ended.code).toBe(3);
  expect(ended.stdout).toMatch(/failed: the test made no request/);
  expect(ended.stdout).toMatch(/exception in the test: the test is broken \(locustfile\.py:\d+\)/);
});

test("a target that is down is a missed threshold, and the failures say why", async () => {
  const down = ["-H", "http://127.0.0.1:9", "--threshold", "fail_ratio < 1%"];
  const ended = await cli("run", ...BRIEF, ...down);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/missed {2}fail_ratio < 1% {2}100%/);
  expect(ended.stdout).toMatch(/× GET \/: .*Connection refused/);
});

test("what fails is exit code 1 as in Locust, unless a threshold allows it", async () => {
  const down = await cli("run", ...BRIEF, "-H", "http://127.0.0.1:9");
  expect(down.code).toBe(1);
  expect(down.stdout).toMatch(
    /missed {2}failures <= 0 {2}\d+ requests failed; a threshold such as 'fail_ratio < 1%' can allow some/,
  );
  const half = ["-u", "4", "-r", "4", "-t", "4s", "-T", "good", "raises"];
  const raised = await cli("run", ...half);
  expect(raised.code).toBe(1);
  expect(raised.stdout).toMatch(/missed {2}exceptions <= 0 {2}the test raised \d+/);
  expect((await cli("run", ...half, "--threshold", "exceptions < 100000")).code).toBe(0);
}, 60_000);

test.each([
  [["run", "-u", "1", "--threshold", "p95 <"], /^threshold 'p95 <', column 6: /],
  [["run", "-u", "1", "-t", "soon"], /^-t must be a duration /],
  [["run", "-u", "0"], /whole number from 1/],
  [["run", "-u", "1", "-T", "goood"], /^-T: the test has no tag 'goood': did you mean good\?/],
  [["run", "-u", "1", "--local", "--cloud"], /cannot be used with/],
  [["run", "-u", "1", "--cloud"], /^no cluster 'locust' found/],
  [["attach"], /^no run in progress/],
  [["stop"], /^no run in progress/],
  [["show", "nothing"], /^there is no run 'nothing'/],
])("%j is exit code 2 and one sentence", async (args, sentence) => {
  const ended = await cli(...args);
  expect(ended.code).toBe(2);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).not.toMatch(/\n {4}at /);
});

test("Ctrl-C leaves the run, attach goes on, a second run is refused, stop ends it", async () => {
  const watching = suite.begin("run", "-u", "2", "-t", "5m", "-T", "good", "--name", "long");
  const text = await untilSaid(watching, /running/);
  const id = idIn(text);
  watching.kill("SIGINT");
  const interrupted = await end(watching);
  expect(interrupted.code).toBe(130);
  expect(interrupted.stderr).toContain(`the run continues\nwatch  npx locust-cluster attach ${id}\nend `);
  expect(await suite.stateOf(id)).toBe("running");

  const second = await cli("run", "-u", "1");
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`run ${id} is still running; a cluster makes one run at a time`);
  expect((await cli()).stdout).toContain(`Next: run ${id} is under way on the local cluster`);

  const attached = suite.begin("attach");
  await untilSaid(attached, /running/);
  attached.kill("SIGKILL");
  await end(attached);
  expect(await suite.stateOf(id)).toBe("running");

  const again = end(suite.begin("attach", id));
  const stopped = await cli("stop", "--json");
  expect(stopped.code).toBe(0);
  expect(parse<Run>(stopped)).toMatchObject({ id, state: "cancelled" });
  expect((await again).code).toBe(3);
});

test("a detached run is there afterwards: runs, show, open, compare, pull", async () => {
  const detached = await cli("run", ...BRIEF, "--name", "detached", "--detach");
  expect(detached.code).toBe(0);
  const id = detached.stdout.trim();
  expect(await cli("attach", "--json")).toMatchObject({ code: 0 });

  const { runs } = parse<{ runs: (Run & { where: string })[] }>(await cli("runs", "--json"));
  expect(runs[0]).toMatchObject({ id, state: "finished", where: "here" });
  expect(runs[0]).not.toHaveProperty("requests");
  expect((await cli("runs")).stdout).toMatch(new RegExp(`^${id} +finished +4s`, "m"));
  expect(parse<Run>(await cli("show", "--json"))).toMatchObject({ id, total: { failures: 0 } });
  const open = parse<{ report: string; opened: boolean }>(await cli("open", "--json"));
  expect(existsSync(open.report)).toBe(true);

  const compared = await cli("compare", "home", id, "--json");
  expect(compared.code).toBe(0);
  const { rows } = parse<{ rows: { name: string }[] }>(compared);
  expect(rows.map(({ name }) => name)).toEqual(["GET /", "all requests"]);
  const worse = await cli("compare", id, idIn((await cli("runs")).stdout.match(/^\S+ +missed.*$/m)![0]));
  expect(worse.code).toBe(0);
  expect(parse(await cli("pull", id, "--json"))).toMatchObject({
    pulled: [{ id, wasHere: true }],
    failed: [],
  });
});

test("push brings a changed test to every process, and a broken one to none", async () => {
  suite.writeTest(LOCUSTFILE.replace('get("/")', 'get("/", name="start page")'));
  const told = untilSaid(suite.cluster, / runs on all \d+ processes/);
  const pushed = await cli("push", "--json", "--timeout", "1");
  expect(pushed.code).toBe(0);
  for (const text of [await told, pushed.stderr]) expect(text).not.toMatch(/ended|failed|not |again/);
  expect(pushed.stderr).toMatch(/ runs on all \d+ processes\n$/);
  const { machines } = parse<{ machines: { name: string; state: string }[] }>(pushed);
  expect(machines.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "master confirmed",
    "worker-1 confirmed",
    "worker-2 confirmed",
  ]);
  expect((await cli("run", ...BRIEF)).stdout).toContain("GET start page");

  suite.writeTest(`${LOCUSTFILE}\nimport no_such_module\n`);
  const refused = await cli("push", "--timeout", "1");
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(
    /master, worker-1, worker-2 refused it: locustfile\.py:\d+: no module named 'no_such_module'/,
  );
  expect((await cli("run", ...BRIEF)).stdout).toContain("GET start page");
}, 90_000);

test("a master that is killed in the middle leaves an interrupted run with its files", async () => {
  const watching = suite.begin("run", "-u", "2", "-t", "5m", "-T", "good", "--name", "killed");
  const text = await untilSaid(watching, /running/);
  const ended = end(watching);
  await sleep(5000);
  const { pid } = JSON.parse(
    readFileSync(join(root, ".cache", "local", "run", "master", "process-1.json"), "utf8"),
  ) as { pid: number };
  process.kill(pid, "SIGKILL");
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(3);
  expect(stderr).toMatch(/connection lost .*: trying again/);
  expect(stdout).toMatch(/killed interrupted: /);
  expect(stderr).not.toMatch(/^report /m);
  const rows = readFileSync(join(root, "runs", idIn(text), "timeline.csv"), "utf8")
    .trim()
    .split("\n");
  expect(rows.length).toBeGreaterThanOrEqual(3);
  await untilSaid(suite.cluster, /all workers are connected again/);
}, 60_000);

test("a cluster that is ended in the middle of a run ends the watch, with what there is", async () => {
  const watching = suite.begin("run", "-u", "2", "-t", "5m", "-T", "good", "--name", "ended");
  await untilSaid(watching, /running/);
  const ended = end(watching);
  suite.cluster.kill("SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(3);
  expect(stdout).toMatch(/ended interrupted: the master was stopped during the run/);
  if (suite.cluster.exitCode === null) await once(suite.cluster, "exit");
  expect((await cli("runs")).stdout).toMatch(/-ended +interrupted/);
}, 60_000);
