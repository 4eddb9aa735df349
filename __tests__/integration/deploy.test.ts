import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCluster } from "../../lib/model/config";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { type Api, apiOf } from "../../simulator/account/clients";
import type { EmulatedCluster } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";
import { checkAccess } from "./checks/access";
import type { Deployed } from "./checks/deployed";
import { checkFirewall } from "./checks/firewall";
import { checkMachines } from "./checks/machines";
import { checkNetwork } from "./checks/network";
import { checkOutputs } from "./checks/outputs";
import { checkRoles } from "./checks/roles";
import { checkStore } from "./checks/store";

/** One cluster's life, told in order: each part begins with what the one before it left. */
describeEmulated("a cluster", (suite) => {
  let cluster: EmulatedCluster;
  let api: Api;
  let outputs: ClusterOutputs;

  const deploy = async (): Promise<void> => {
    await cluster.deploy();
    outputs = await cluster.outputs();
  };
  const deployed = (): Deployed => {
    const { config } = loadCluster({ file: join(cluster.folder, "cluster.yaml"), env: cluster.env });
    return { config, outputs, api, folder: cluster.folder };
  };
  const instanceOf = (name: string): string | undefined =>
    outputs.nodes.find((node) => node.name === name)?.instance_id;

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    expect(await inventory(api)).toEqual(nothing);
    cluster = suite().cluster("proof", "tags: { team: load }\n");
    await deploy();
  });

  describe("deployed from a fresh clone by 'cdktf deploy'", () => {
    checkOutputs(deployed);
    checkNetwork(deployed);
    checkFirewall(deployed);
    checkMachines(deployed);
    checkAccess(deployed);
    checkRoles(deployed, () => suite().aws.account);
    checkStore(deployed);

    test("a second plan is empty", async () => {
      expect(await cluster.plan()).toEqual([]);
    });
  });

  describe("with another second stage of the boot", () => {
    test("the plan brings it to the bucket, and replaces no machine", async () => {
      const script = join(cluster.folder, "boot", "units.sh");
      const before = readFileSync(script);
      appendFileSync(script, "# changed\n");
      const changes = await cluster.planChanges();
      writeFileSync(script, before);
      expect(changes).toEqual([
        { address: "aws_s3_object.release_bundle", actions: "create, delete" },
        { address: "aws_s3_object.release_current", actions: "update" },
        { address: "terraform_data.preparation_files", actions: "create, delete" },
      ]);
    });
  });

  describe("with 4 workers instead of 2", () => {
    const before = new Map<string, string | undefined>();

    beforeAll(() => {
      for (const { name, instance_id } of outputs.nodes) before.set(name, instance_id);
      cluster.env["LOCUST_CLUSTER_WORKERS_COUNT"] = "4";
    });

    test("the plan adds two workers, tells the master, and touches nothing else", async () => {
      expect(await cluster.planChanges()).toEqual([
        { address: 'aws_instance.workers_instance["worker-3"]', actions: "create" },
        { address: 'aws_instance.workers_instance["worker-4"]', actions: "create" },
        // Tells the master how many machines there are, and restarts nothing.
        { address: "aws_s3_object.release_current", actions: "update" },
      ]);
    });

    test("the deploy leaves the machines that were there", async () => {
      await deploy();
      expect(outputs.nodes.map(({ name }) => name)).toEqual([
        "master",
        "worker-1",
        "worker-2",
        "worker-3",
        "worker-4",
      ]);
      for (const [name, id] of before) expect(instanceOf(name)).toBe(id);
    });
  });

  describe("with workers of another architecture", () => {
    beforeAll(() => {
      Object.assign(cluster.env, {
        LOCUST_CLUSTER_WORKERS_COUNT: "2",
        LOCUST_CLUSTER_WORKERS_INSTANCE_TYPE: "c7i.large",
      });
    });

    test("workers are replaced with their image, the master stays", async () => {
      const [master, worker] = [instanceOf("master"), instanceOf("worker-1")];
      await deploy();
      expect(instanceOf("master")).toBe(master);
      expect(instanceOf("worker-1")).not.toBe(worker);
      expect(await cluster.plan()).toEqual([]);
    });

    checkMachines(deployed);
    checkStore(deployed);
  });

  test("after 'cdktf destroy' the account is as empty as before", async () => {
    await cluster.destroy();
    expect(await inventory(api)).toEqual(nothing);
  });

  test("no two calls have configured the bucket at once, from the first deploy to the end", () => {
    // The provider tries again until it succeeds or gives up: only the account's log tells.
    expect(readFileSync(suite().aws.account.logFile, "utf8")).not.toContain("409 OperationAborted");
  });
});
