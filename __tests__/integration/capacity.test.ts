import { type CommandResult, runCommand } from "../../tools/trials/command";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";

/** The provider's own retries are part of what is tested: about half a minute of waiting, a minute at most. */
describeEmulated(
  "a deploy for which AWS has no capacity",
  (suite) => {
    let result: CommandResult;

    beforeAll(async () => {
      const cluster = suite().cluster("lacking", "workers: { count: 0 }\nnetwork: { zones: 1 }\n");
      result = await cluster.locustCluster("deploy", "--no-wait");
    });

    test("fails within two minutes", () => {
      expect(result.code).not.toBe(0);
      expect(result.seconds).toBeLessThan(120);
    });

    test("says at once what is lacking and what to do, and ends with AWS's own sentence", () => {
      const [said, error] = [
        "warning: AWS currently has no capacity for t4g.small in us-east-1a (InsufficientInstanceCapacity)",
        "Error: creating EC2 Instance",
      ].map((text) => result.output.indexOf(text));
      expect(said).toBeGreaterThan(0);
      expect(error).toBeGreaterThan(said ?? NaN);
      expect(result.output.replace(/[│\s]+/g, " ")).toContain(
        "sufficient t4g.small capacity in the Availability Zone you requested (us-east-1a)",
      );
    });
  },
  { exhaustedZone: "us-east-1a" },
);

/** The provider tries for three quarters of an hour, without a word. */
describeEmulated(
  "a plain 'cdktf deploy' of many workers, of which AWS has no more",
  (suite) => {
    let result: CommandResult;
    let cluster: EmulatedCluster;
    let isStopped = false;

    beforeAll(async () => {
      const config = "workers: { count: 22, instanceType: t4g.micro }\nnetwork: { zones: 2 }\n";
      cluster = suite().cluster("short", config);
      result = await runCommand("npx", ["cdktf", "deploy", "--auto-approve", "--skip-provider-lock"], {
        cwd: cluster.folder,
        env: suite().aws.environment,
        onOutput: (said) => {
          const [, pid] = /stop it with 'kill -INT (\d+)'/.exec(said) ?? [];
          if (pid && !isStopped) process.kill(Number(pid), "SIGINT");
          isStopped ||= pid !== undefined;
        },
      });
    });

    test("says how many are there, why, and what to do", () => {
      expect(result.output.replace(/\s+/g, " ")).toMatch(
        /warning: no worker has started for 90 s in us-east-1b \(0 of 11 are there\): EC2 may have no t4g\.micro there now\. Do not press Ctrl-C: it kills cdktf and may lose the state\. Wait \(Terraform retries for up to 45 min\), or stop with 'kill -INT \d+', choose another instance type or region, and deploy again/,
      );
    });

    test("ends in order when it is stopped so, and the next deploy watches again", async () => {
      // It has ended: Terraform itself retries for 45 minutes, longer than this suite may take.
      expect(result.code).not.toBe(0);
      expect(await cluster.plan()).toContainEqual({
        address: "terraform_data.workers_launches_watch",
        actions: "delete, create",
      });
    });

    test("destroy removes what there is", async () => {
      succeeded(await cluster.cdktf("destroy", "--auto-approve", "--skip-provider-lock"));
    });
  },
  { exhaustedZone: "us-east-1b" },
);
