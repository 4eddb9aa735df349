import type { CommandResult } from "../helpers/command";
import { describeEmulated } from "../helpers/emulated-suite";

/** The provider's own retries are part of what is tested: about half a minute of waiting, a minute at most. */
describeEmulated(
  "a deploy for which AWS has no capacity",
  (suite) => {
    let result: CommandResult;

    beforeAll(async () => {
      const cluster = suite().cluster("lacking", "workers: { count: 0 }\nnetwork: { zones: 1 }\n");
      result = await cluster.run("node", "bin/locust-cluster.js", "deploy", "--no-wait");
    });

    test("fails within two minutes", () => {
      expect(result.code).not.toBe(0);
      expect(result.seconds).toBeLessThan(120);
    });

    test("says at once what is lacking and what to do, and ends with AWS's own sentence", () => {
      const [said, error] = [
        "warning: AWS has no capacity for t4g.small in us-east-1a now (InsufficientInstanceCapacity)",
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
