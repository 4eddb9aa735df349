import { setTimeout as sleep } from "node:timers/promises";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { setCapacity } from "../../simulator/account/capacity";
import { apiOf } from "../../simulator/account/clients";
import { type CommandResult, runCommand } from "../../tools/trials/command";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";

const LACKS = [
  { zone: "us-east-1a", instanceType: "t4g.small" }, // the master of the first
  { zone: "us-east-1b", instanceType: "t4g.micro" }, // half of the workers of the second
];
const WORKERS = 22;

/** The waits of provider and product are part of what is tested: the first deploy waits while the second is silent. */
describeEmulated("a deploy for which AWS lacks capacity", (suite) => {
  let short: EmulatedCluster;
  let lacking: CommandResult;
  let stopped: CommandResult;

  const countMachines = async (): Promise<number> => {
    const Filters = [
      { Name: "tag:locust-cluster-name", Values: ["short"] },
      { Name: "instance-state-name", Values: ["pending", "running"] },
    ];
    const answer = await apiOf(suite().aws.account).ec2.send(new DescribeInstancesCommand({ Filters }));
    return (answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances).length;
  };

  /** Plain `cdktf deploy`, which is stopped as soon as it says how. */
  const deployUntilTold = async (): Promise<CommandResult> => {
    let isStopped = false;
    return runCommand("npx", ["cdktf", "deploy", "--auto-approve", "--skip-provider-lock"], {
      cwd: short.folder,
      env: suite().aws.environment,
      onOutput: (said) => {
        const [, pid] = /stop with 'kill -INT (\d+)'/.exec(said) ?? [];
        if (pid && !isStopped) process.kill(Number(pid), "SIGINT");
        isStopped ||= pid !== undefined;
      },
    });
  };

  beforeAll(async () => {
    await setCapacity(suite().aws.account, { lacks: LACKS });
    const workers = `workers: { count: ${WORKERS}, instanceType: t4g.micro }\n`;
    short = suite().cluster(
      "short",
      `${workers}master: { instanceType: t4g.medium }\nnetwork: { zones: 2 }\n`,
    );
    const small = suite().cluster("lacking", "workers: { count: 0 }\nnetwork: { zones: 1 }\n");

    let isOver = false;
    const deploy = deployUntilTold().finally(() => (isOver = true));
    // The master, and the workers of the zone that has some.
    while (!isOver && (await countMachines()) < 1 + WORKERS / 2) await sleep(500);
    lacking = await small.locustCluster("deploy", "--no-wait");
    stopped = await deploy;
  });

  describe("for its master", () => {
    test("fails within two minutes", () => {
      expect(lacking.code).toBe(3);
      expect(lacking.seconds).toBeLessThan(120);
    });

    test("says at once what is lacking and what to do, and ends with AWS's own sentence", () => {
      const [said, error] = [
        "warning: AWS currently has no capacity for t4g.small in us-east-1a (InsufficientInstanceCapacity)",
        "Error: creating EC2 Instance",
      ].map((text) => lacking.output.indexOf(text));
      expect(said).toBeGreaterThan(0);
      expect(error).toBeGreaterThan(said ?? NaN);
      expect(lacking.output.replace(/[│\s]+/g, " ")).toContain(
        "sufficient t4g.small capacity in the Availability Zone you requested (us-east-1a)",
      );
    });
  });

  /** The provider tries for three quarters of an hour, without a word. */
  describe("for many workers, by a plain 'cdktf deploy'", () => {
    test("says how many are there, why, and what to do", () => {
      expect(stopped.output.replace(/\s+/g, " ")).toMatch(
        /warning: no worker has started for 90 s in us-east-1b \(0 of 11 are there\): EC2 may have no t4g\.micro there now\. Do not press Ctrl-C: it kills cdktf and may lose the state\. Wait \(Terraform retries for up to 45 min\), or stop with 'kill -INT \d+', choose another instance type or region, and deploy again/,
      );
    });

    test("ends in order when it is stopped so, and the next deploy watches again", async () => {
      // By itself: null if it had to be killed.
      expect(stopped.code).toBe(1);
      expect(await short.plan()).toContainEqual({
        address: "terraform_data.workers_launches_watch",
        actions: "delete, create",
      });
    });

    test("destroy removes what there is", async () => {
      succeeded(await short.cdktf("destroy", "--auto-approve", "--skip-provider-lock"));
      expect(await countMachines()).toBe(0);
    });
  });
});
