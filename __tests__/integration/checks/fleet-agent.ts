import {
  type AutoScalingGroup,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { MANIFEST_KEY } from "../../../protocol/generated/constants";
import { setCapacity } from "../../../simulator/account/capacity";
import type { Api } from "../../../simulator/account/clients";
import type { EmulatedCluster } from "../../../tools/trials/emulated-cluster";
import type { EmulatedSuite } from "../../helpers/emulated-suite";
import { eventually } from "../../helpers/eventually";
import { type AgentOptions, lookAfterFleets } from "../../helpers/scaling-agent";

interface FleetAgentCheck {
  readonly suite: () => EmulatedSuite;
  /** Its fleet has a size of one. */
  readonly cluster: () => EmulatedCluster;
  readonly api: () => Api;
  /** That of the fleet. */
  readonly group: () => Promise<AutoScalingGroup>;
  /** Waits until the fleet has so many machines. */
  readonly has: (count: number) => Promise<readonly Instance[]>;
}

/** What the master's agent does with a fleet, and says of it. */
export function checkFleetAgent({ suite, cluster, api, group, has }: FleetAgentCheck): void {
  /** The master's agent, or that of another machine, which looks after the fleets once. */
  const agent = async () => {
    const { bucket, nodes } = await cluster().outputs();
    const { Body } = await api().s3.send(new GetObjectCommand({ Bucket: bucket, Key: MANIFEST_KEY }));
    const manifest = await Body!.transformToString();
    const { Reservations = [] } = await api().ec2.send(
      new DescribeInstancesCommand({ InstanceIds: nodes.map(({ instance_id }) => instance_id) }),
    );
    const { aws, scratch } = suite();
    const look = (instance: Instance, demands?: AgentOptions["demands"]) =>
      lookAfterFleets({ account: aws.account, scratch, instance, manifest, demands });
    return { look, master: Reservations[0]!.Instances![0]! };
  };

  test("the master's agent brings the fleet to its size, by what its role and its own tags allow", async () => {
    const { look, master } = await agent();
    const scheduled = async () => {
      const { ScheduledUpdateGroupActions = [] } = await api().autoScaling.send(
        new DescribeScheduledActionsCommand(),
      );
      return ScheduledUpdateGroupActions;
    };
    const before = (await group()).DesiredCapacity;

    const worker = await look((await has(before!))[0]!);
    expect(worker.state).toEqual({
      eu: {
        capacity: null,
        error: expect.stringContaining("AccessDenied") as string,
        started: null,
        problem: null,
      },
    });
    expect(worker.log).toContain("agent: fleet eu: Auto Scaling in us-east-1 told no groups: ");
    expect(await group()).toMatchObject({ DesiredCapacity: before });

    const state = (capacity: number, started: number) => ({
      eu: { capacity, error: null, started, problem: null },
    });
    expect(await look(master)).toEqual({
      state: state(1, before!),
      log: `agent: fleet eu: capacity ${before} set to 1\n`,
    });
    expect(await group()).toMatchObject({ DesiredCapacity: 1 });
    await has(1);
    expect(await look(master)).toEqual({ state: state(1, 1), log: "" });
    expect(await scheduled()).toEqual([]);

    const until = Math.ceil(Date.now() / 1000) + 3_600;
    const log = "agent: fleet eu: capacity 1 set to 2\n";
    expect(await look(master, { eu: { machines: 2, until } })).toEqual({ state: state(2, 1), log });
    expect(await scheduled()).toMatchObject([
      {
        ScheduledActionName: "locust-cluster-shrink",
        StartTime: new Date(until * 1000),
        DesiredCapacity: 1,
      },
    ]);
    await has(2);
    expect((await look(master)).state).toEqual(state(1, 2));
    expect(await scheduled()).toEqual([]);
    expect(await cluster().plan()).toEqual([]);
  });

  test("the master's agent says why a machine is missing, also between AWS's attempts", async () => {
    const { look, master } = await agent();
    const { account } = suite().aws;
    const { AutoScalingGroupName } = await group();
    await has(1);
    await setCapacity(account, { vcpus: { spot: 3 } });
    await api().autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 2 }));
    await eventually(
      "a failed launch",
      () => api().autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName })),
      ({ Activities = [] }) => Activities.some(({ StatusCode }) => StatusCode === "Failed"),
    );
    // The capacity is there already, and nobody asks AWS again for two minutes.
    const { state } = await look(master, {
      eu: { machines: 2, until: Math.ceil(Date.now() / 1000) + 3_600 },
    });
    expect(state).toEqual({
      eu: {
        capacity: 2,
        error: null,
        started: 1,
        problem: "the account's spot quota is used up: ask for more in Service Quotas",
      },
    });
    await setCapacity(account, {});
    await look(master);
    expect(await group()).toMatchObject({ DesiredCapacity: 1 });
  });
}
