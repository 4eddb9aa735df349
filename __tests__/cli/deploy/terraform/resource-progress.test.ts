import { ResourceProgress } from "../../../../cli/deploy/terraform/resource-progress";

const DEPLOY = [
  "Plan: 3 to add, 1 to change, 0 to destroy.",
  "aws_vpc.network_vpc: Creation complete after 1s",
  'aws_instance.workers_instance["worker-1"]: Still creating... [10s elapsed]',
  "aws_instance.master_instance: Still creating... [10s elapsed]",
];

/** What is written to a terminal, or elsewhere, with a clock of its own. */
function watched(live: boolean) {
  const lines: string[] = [];
  const clock = { now: 0 };
  const write = (text = "") => void lines.push(text);
  const progress = new ResourceProgress({ live, line: write, draw: write }, () => clock.now);
  return { lines, clock, progress };
}

describe("ResourceProgress", () => {
  test("stands for the lines of resources, and for no others", () => {
    const { progress } = watched(true);
    expect(DEPLOY.map((line) => progress.take(line))).toEqual([false, true, true, true]);
    expect(progress.take("terraform_data.runs (local-exec): 2 runs of cluster 'shop' in runs/")).toBe(false);
    expect(progress.take("Apply complete! Resources: 3 added, 1 changed, 0 destroyed.")).toBe(false);
  });

  test("draws how many are done of those that are planned, and what takes long", () => {
    const { lines, progress } = watched(true);
    progress.show();
    for (const line of DEPLOY) {
      progress.take(line);
      progress.show();
    }
    progress.take('aws_instance.workers_instance["worker-1"]: Creation complete after 12s');
    progress.show();
    progress.show();
    expect(lines).toEqual([
      "  1 of 4 resources done",
      '  1 of 4 resources done, waiting for aws_instance.workers_instance["worker-1"]',
      '  1 of 4 resources done, waiting for aws_instance.workers_instance["worker-1"] and 1 more',
      "  2 of 4 resources done, waiting for aws_instance.master_instance",
    ]);
  });

  test("writes a line every ten seconds where nothing can be drawn over", () => {
    const { lines, clock, progress } = watched(false);
    for (const line of DEPLOY.slice(0, 2)) progress.take(line);
    for (const now of [0, 9_999, 10_000, 25_000]) {
      clock.now = now;
      progress.show();
    }
    progress.take("aws_subnet.a: Destruction complete after 1s");
    progress.show();
    expect(lines).toEqual(["  1 of 4 resources done after 10s", "  2 of 4 resources done after 25s"]);
  });

  test("knows no number of all when it comes late", () => {
    const { lines, progress } = watched(true);
    progress.take("aws_vpc.network_vpc: Modifications complete after 1s");
    progress.show();
    expect(lines).toEqual(["  1 resource done"]);
  });
});
