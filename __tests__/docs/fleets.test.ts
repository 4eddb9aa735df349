import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeFleetStatus, renderFleetTable, type FleetStatus } from "../../cli/machines/fleet-status";
import { plain } from "../../cli/terminal/colour";
import { renderRun } from "../../cli/terminal/runs/run-report";
import { renderScaling } from "../../cli/terminal/runs/scaling-view";
import { projectRoot } from "../../lib/model/project";
import { FLEETS, run, running } from "../test-runs/recorded-run";

const PROBLEM = "AWS has no spot capacity for its instance types in eu-central-1a";

const document = readFileSync(join(projectRoot(), "docs", "cli.md"), "utf8");

test("docs/cli.md shows a run that is scaling as the terminal does", () => {
  const fleets = {
    eu: { asked: 10, started: 6, joined: 4, problem: PROBLEM, kept: null },
    us: { asked: 5, started: 5, joined: 5, problem: null, kept: null },
  };
  const run = running({ state: "scaling", now: null, fleets });
  expect(document).toContain(`\`\`\`text\n${renderScaling(run, 80, plain)}\n\`\`\`\n`);
});

test("docs/cli.md shows what 'fleets' prints", () => {
  const settings = { max: 20, idle: 600, scaled: null, draining: 0, failed: 0 };
  const eu = { name: "eu", region: "eu-central-1", size: 0, spot: true, desired: 10, started: 6, ready: 4 };
  const us = { name: "us", region: "us-east-1", size: 2, spot: false, desired: 2, started: 2, ready: 2 };
  const fleets: FleetStatus[] = [
    { ...settings, ...eu, problem: PROBLEM },
    { ...settings, ...us, problem: null },
  ];
  const printed = [renderFleetTable(fleets), ...describeFleetStatus(fleets, 0)].join("\n");
  expect(document).toContain(`\`\`\`text\n${printed}\n\`\`\`\n`);
});

test("docs/cli.md shows the figures of fleets as the terminal does", () => {
  const [, , figures] = renderRun(run({ fleet_figures: FLEETS }), { width: 80 }).split("\n\n");
  expect(document).toContain(`\`\`\`text\n${figures}\n\`\`\`\n`);
});
