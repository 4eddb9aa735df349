import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stringWidth from "string-width";
import { linesInTerminal } from "../../helpers/tmux";
import { request, run, verdict } from "../../test-runs/recorded-run";
import { linkPackages, runCli, StubProject } from "../stub-project";

jest.setTimeout(60_000);

const IDS = ["20261120-090000-checkout-of-the-shop-before", "20261121-110432-checkout-of-the-shop-after"];
const NAME = "/api/v2/customers/[id]/orders/[id]/positions/[id]/refunds";
const THRESHOLD = `GET ${NAME} p95 < 300ms`;
const BIG = { requests: 123_456_789, failures: 1_234_567, fail_ratio: 0.01, rps: 12_345.6, p95_ms: 12_345 };

let scratch: string;
let project: StubProject;

beforeAll(async () => {
  await runCli(["--version"]); // compiles, if a source has changed
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-tables-"));
  project = new StubProject(join(scratch, "project"), linkPackages(scratch));
  for (const id of IDS) {
    const folder = join(project.folder, "runs", id);
    mkdirSync(folder, { recursive: true });
    const verdicts = [verdict(THRESHOLD, false, "12,345 ms, not below 300 ms")];
    const made = run({ id, passed: false, requests: [request(NAME, BIG)], verdicts });
    writeFileSync(join(folder, "run.json"), JSON.stringify(made));
  }
}, 120_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** What 'runs', 'show' and 'compare' write at a terminal of so many columns. */
async function written(columns: number): Promise<string[]> {
  const env = { PATH: process.env["PATH"], HOME: scratch, TERM: "xterm", NO_COLOR: "1", LC_ALL: "C.UTF-8" };
  const program = `"${process.execPath}" "${join(project.folder, "bin", "locust-cluster.js")}"`;
  const commands = ["runs", "show last", "compare last~1 last"].map(
    (words) => `${program} ${words} 2>&1; echo`,
  );
  return linesInTerminal(commands.join("; "), columns, env);
}

/** Lines of a table, from that of the titles on to the next empty line. */
function table(lines: readonly string[], first: RegExp): string[] {
  const begin = lines.findIndex((line) => first.test(line));
  const end = lines.findIndex((line, index) => index > begin && line === "");
  return lines.slice(begin, end === -1 ? undefined : end);
}

const RUNS = /^run .*result/;
const FIGURES = /^request .*failures/;
const VERDICTS = /^missed /;
const COMPARISON = /^request .*change/;

const titles = (lines: string[]) => lines[0]!.split(/ {2,}/);

test.each([60, 80, 200])("every line of a table fits into a terminal of %d columns", async (columns) => {
  const lines = await written(columns);
  const tables = [RUNS, FIGURES, VERDICTS, COMPARISON].map((first) => table(lines, first));
  expect(tables.map((each) => each.length)).toEqual([3, 3, 1, 11]);
  for (const line of tables.flat()) expect([line, stringWidth(line) <= columns]).toEqual([line, true]);
});

test("at 200 columns everything is shown", async () => {
  const lines = await written(200);
  expect(table(lines, FIGURES)[1]).toMatch(`GET ${NAME}  123,456,789  1,234,567 (1%)  12,345.6`);
  expect(table(lines, RUNS)[1]).toMatch(/^20261121-110432-checkout-of-the-shop-after +missed/);
});

test("at 80 columns long names are cut in the middle", async () => {
  const lines = await written(80);
  expect(titles(table(lines, RUNS))).toContain("p95");
  expect(table(lines, RUNS)[1]).toMatch(/^20261121-110[^ ]*…[^ ]*shop-after +missed/);
  expect(table(lines, VERDICTS)[0]).toMatch(/^missed {2}GET \/api.*….*p95 < 300ms {2}12,345 ms/);
});

test("at 60 columns the less important columns go", async () => {
  const lines = await written(60);
  expect(titles(table(lines, RUNS))).toEqual(["run", "result", "time", "failures", "p95"]);
  expect(titles(table(lines, FIGURES))).toEqual(["request", "failures", "req/s", "p95"]);
});
