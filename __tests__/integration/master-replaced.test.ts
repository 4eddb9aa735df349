import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { type Api, apiOf } from "../../simulator/account/clients";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";

const SHUTTING_DOWN_S = 25;

/** Until the old master is `terminated` it holds the private address that the new one is to have. */
describeEmulated(
  "a master that is replaced",
  (suite) => {
    let api: Api;
    let cluster: EmulatedCluster;

    const masters = async (): Promise<Instance[]> => {
      const { Reservations = [] } = await api.ec2.send(new DescribeInstancesCommand());
      return Reservations.flatMap(({ Instances = [] }) => Instances);
    };
    const running = async (): Promise<Instance | undefined> =>
      (await masters()).find(({ State }) => State?.Name === "running");

    beforeAll(async () => {
      api = apiOf(suite().aws.account);
      cluster = suite().cluster("replaced", "workers: { count: 0 }\nresults: { keepOnDestroy: false }\n");
      await cluster.deploy();
    });

    test("waits for the old one's end, and keeps both addresses", async () => {
      const before = await running();
      const began = Date.now();
      succeeded(
        await cluster.terraform(
          "apply",
          "-auto-approve",
          "-input=false",
          "-replace=aws_instance.master_instance",
        ),
      );
      expect(Date.now() - began).toBeGreaterThan(SHUTTING_DOWN_S * 1000);

      const after = await running();
      expect(after?.InstanceId).not.toBe(before?.InstanceId);
      expect(after?.PrivateIpAddress).toBe(before?.PrivateIpAddress);
      expect(after?.PublicIpAddress).toBe(before?.PublicIpAddress);
      expect((await masters()).map(({ State }) => State?.Name).sort()).toEqual(["running", "terminated"]);
      expect(await cluster.plan()).toEqual([]);
    });
  },
  { shuttingDownSeconds: SHUTTING_DOWN_S },
);
