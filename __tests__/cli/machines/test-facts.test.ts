import { renderTestFacts } from "../../../cli/machines/test-facts";
import { running } from "../../test-runs/recorded-run";
import { answer, node, progressOf, record } from "../recorded-cluster";

const HERE = "0".repeat(20);
const NEW = "b".repeat(20);
const NAMES = ["worker-1", "worker-2", "worker-3", "worker-4"];
const NODES = ["master", ...NAMES].map((name) => node(name));
const OPTIONS = { columns: 80, paint: (_colour: string, text: string) => text };
const TARGET = { hosts: ["https://shop.example"], missing: false };

const refused = { bundle: NEW, reason: "ImportError: no module named 'shop'", log: [] };

function rendered(told: Parameters<typeof progressOf>[2], facts = {}, records = [record("master")]): string {
  return renderTestFacts(progressOf(NODES, records, told), { run: null, here: HERE, ...facts }, OPTIONS);
}

describe("renderTestFacts", () => {
  test("tells version, target, and that no run is under way", () => {
    expect(rendered({ ...answer({}), target: TARGET })).toBe(
      [
        "test      00000000, as in this folder",
        "target    https://shop.example",
        "run       none under way",
      ].join("\n"),
    );
  });

  test("tells the run under way in a line of its own, that 80 columns hold", () => {
    const lines = rendered(answer({}), { run: running() }).split("\n");
    expect(lines.slice(-2)).toEqual([
      "run       20261121-110432-checkout",
      "  running  15s of 30s  500 users  1,234.6 req/s  0 failures/s  p95 210 ms",
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("says when the folder has another test, and which machines do not run it yet", () => {
    const told = answer({ "worker-1": 2 });
    const nodes = told.nodes.map((each) => ({ ...each, bundle: each.role === "master" ? HERE : NEW }));
    const lines = rendered({ ...told, nodes }, { here: NEW }).split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "test      00000000, differs from this folder; 'npx locust-cluster push' sends it",
      "          not yet on worker-1",
    ]);
  });

  test("says what to do where the test has no host", () => {
    const told = { ...answer({}), target: { hosts: [], missing: true } };
    expect(rendered(told)).toContain("target    unknown: set it with -H for each run\n");
  });

  test("tells a refused push once for all that refused it, also while the master does not answer", () => {
    const records = NAMES.map((name) => record(name, { refused }));
    expect(rendered(undefined, {}, records)).toBe(
      "refused   bbbbbbbb by worker-1, worker-2, worker-3 and 1 more: ImportError: no module named 'shop'",
    );
  });
});
