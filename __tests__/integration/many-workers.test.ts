import { readFileSync } from "node:fs";
import { apiOf } from "../../simulator/account/clients";
import type { EmulatedCluster } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";

/**
 * More than 20 workers, so that the provider tries each call 25 times (lib/model/max-retries.ts), and more than twice as many
 * as Terraform starts at once. With a quarter of EC2's buckets they meet as many refusals as 96 do on AWS;
 * `npm run bench:deploy -- 160` takes more.
 */
const [WORKERS, THROTTLE] = [24, 0.25];

describeEmulated(
  `a cluster of ${WORKERS} workers, with EC2's buckets × ${THROTTLE}`,
  (suite) => {
    let cluster: EmulatedCluster;

    test("is deployed", async () => {
      cluster = suite().cluster("many", `workers: { count: ${WORKERS} }\n`);
      await cluster.deploy();
      expect((await cluster.outputs()).nodes).toHaveLength(WORKERS + 1);
    });

    test("has an empty second plan", async () => {
      expect(await cluster.plan()).toEqual([]);
    });

    test("is destroyed", async () => {
      await cluster.destroy();
      expect(await inventory(apiOf(suite().aws.account))).toEqual(nothing);
    });

    test("was throttled while it was created and while it was read", () => {
      const log = readFileSync(suite().aws.account.logFile, "utf8");
      for (const action of ["RunInstances", "DescribeInstanceAttribute"])
        expect(log).toContain(`throttled: ${action} in us-east-1`);
    });
  },
  { throttle: THROTTLE },
);
