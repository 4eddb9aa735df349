import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalCluster } from "../../../cli/local/cluster";
import type { LocalPlan } from "../../../cli/local/local-plan";
import { PushFollower } from "../../../cli/local/push-follower";
import { Terminal } from "../../../cli/terminal/terminal";
import { StubMaster } from "../../helpers/stub-master";
import { load } from "../../lib/model/load";

const RUNS = JSON.stringify({ bundle: "a".repeat(20) });
const BROKEN = JSON.stringify({ bundle: "b".repeat(20) });

let folder: string;
let master: StubMaster;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "locust-cluster-follower-"));
  master = await StubMaster.start("token");
});

afterEach(() => {
  master.stop();
  rmSync(folder, { recursive: true });
});

test("a refusal is forgotten when the test that runs is pushed again", async () => {
  const said: string[] = [];
  const terminal = Object.assign(new Terminal(), { line: (text = "") => void said.push(text) });
  const wanted = join(folder, "store", "bundle", "current.json");
  for (const part of ["release", "store/bundle"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "release", "current.json"), RUNS);
  const { config } = load("");
  const plan = { id: "", root: folder, folder, config, workers: 1, token: "token" };
  const port = Number(new URL(master.url).port);
  const follower = new PushFollower({ ...plan, pagePort: port } as LocalPlan, {} as LocalCluster, terminal);

  writeFileSync(wanted, BROKEN);
  await follower.look();
  expect(said).toEqual([expect.stringMatching(/^refused pushed test bbbbbbbb: /)]);
  expect(existsSync(join(folder, "store", "nodes", "worker-1.json"))).toBe(true);

  writeFileSync(wanted, RUNS);
  await follower.look();
  expect(existsSync(join(folder, "store", "nodes"))).toBe(false);
});
