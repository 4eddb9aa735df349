import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { report } from "../../../../cli/commands/run/watch-run";
import { Terminal } from "../../../../cli/terminal/terminal";
import { run } from "../../../test-runs/recorded-run";

const { id } = run();

let project: string;
jest.mock("../../../../lib/model/project", () => ({ projectRoot: () => project }));
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "locust-cluster-watch-"));
  mkdirSync(join(project, "runs", id), { recursive: true });
});
afterEach(() => {
  rmSync(project, { recursive: true });
  jest.restoreAllMocks();
});

async function told(): Promise<string[]> {
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const stream = new PassThrough();
  report(run(), {}, new Terminal(stream as unknown as NodeJS.WriteStream));
  stream.end();
  return (await text(stream)).trim().split("\n");
}

const FILES = expect.stringMatching(/^files   .*runs\/20261121-110432-checkout$/) as string;

test("a run ends with a command for its report that a terminal of 80 columns does not break", async () => {
  writeFileSync(join(project, "runs", id, "report.html"), "");
  expect(await told()).toEqual([FILES, "report  npx locust-cluster open 20261121-110432-checkout"]);
});

test("a run that has left no report offers none", async () => {
  expect(await told()).toEqual([FILES]);
});
