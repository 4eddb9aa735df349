import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import type { Api } from "../../../simulator/account/clients";
import { inventory } from "../../../simulator/account/inventory";
import type { Run } from "../../../test-runs/run/run-api";
import type { EmulatedCluster } from "../../../tools/trials/emulated-cluster";
import type { StubMaster } from "../../helpers/stub-master";
import { run, running } from "../../test-runs/recorded-run";

interface ReplacedMasterCheck {
  readonly api: () => Api;
  /** It has no workers. */
  readonly cluster: () => EmulatedCluster;
  readonly master: () => StubMaster;
  /** Of the run that is under way, and over in the end. */
  readonly id: string;
  /** Puts a run into the cluster's bucket. */
  readonly upload: (run: Run) => Promise<unknown>;
}

const IMAGE = "LOCUST_CLUSTER_MACHINES_IMAGE_ID";
const TYPE = "LOCUST_CLUSTER_MASTER_INSTANCE_TYPE";
const COUNT = "LOCUST_CLUSTER_WORKERS_COUNT";

/** What a deploy does with the run of a master that it would stop. */
export function checkReplacedMaster({ api, cluster, master, id, upload }: ReplacedMasterCheck): void {
  const machine = async (): Promise<Instance> => {
    const { nodes } = await cluster().outputs();
    const asked = new DescribeInstancesCommand({ InstanceIds: [nodes[0]!.instance_id] });
    return (await api().ec2.send(asked)).Reservations![0]!.Instances![0]!;
  };

  test("stays while a run is under way, and so does everything else", async () => {
    const { name } = cluster();
    const before = await inventory(api());
    const { InstanceId, ImageId } = await machine();
    cluster().env[IMAGE] = ImageId;
    master().add({ run: running({ id, cluster: name }), files: { "timeline.csv": "time\n" } });
    const { code, output } = await cluster().tryToDeploy();
    expect(code).not.toBe(0);
    expect(output).toContain(
      `run ${id} is in progress on cluster '${name}'; this deploy would stop its master`,
    );
    expect(await machine()).toMatchObject({ InstanceId });
    expect(await inventory(api())).toEqual(before);
    expect(master().asked.filter((asked) => asked.startsWith("POST"))).toEqual([]);
  });

  test("is not stopped to be resized either", async () => {
    delete cluster().env[IMAGE];
    cluster().env[TYPE] = "t4g.medium";
    const { code, output } = await cluster().locustCluster("deploy", "--no-wait");
    expect(code).toBe(3);
    expect(output).toContain(`run ${id} is in progress`);
    expect(output).toContain(`the change of cluster '${cluster().name}' did not succeed`);
    expect(output).not.toContain("locust-cluster destroy");
    expect(await machine()).toMatchObject({ InstanceType: "t4g.small" });
    delete cluster().env[TYPE];
  });

  test("does not hinder a change that leaves it alone", async () => {
    cluster().env[COUNT] = "1";
    expect(await cluster().planChanges()).toEqual([
      { address: 'aws_instance.workers_instance["worker-1"]', actions: "create" },
      { address: "aws_s3_object.release_current", actions: "update" },
    ]);
    delete cluster().env[COUNT];
  });

  test("goes when the run is over", async () => {
    const over = run({ id, cluster: cluster().name });
    master().add({ run: over });
    await upload(over);
    const { InstanceId, ImageId } = await machine();
    cluster().env[IMAGE] = ImageId;
    await cluster().deploy();
    expect((await machine()).InstanceId).not.toBe(InstanceId);
    expect(await cluster().plan()).toEqual([]);
  });
}
