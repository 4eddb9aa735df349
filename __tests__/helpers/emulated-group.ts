import {
  type Activity,
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  type Instance,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  DescribeSubnetsCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { randomUUID } from "node:crypto";
import type { Api } from "../../simulator/account/clients";
import { eventually } from "./eventually";

/** Debian 13 on arm64, in every emulated account. */
const IMAGE = "ami-0deb1a13a64000001";

interface GroupOptions {
  readonly name: string;
  readonly zones: readonly string[];
  /** @default false */
  readonly spot?: boolean;
  /** @default [c7g.large, c6g.large] */
  readonly types?: readonly string[];
  /** Of its launch template, beside the image. @default - nothing */
  readonly template?: RequestLaunchTemplateData;
}

/** An Auto Scaling group in the account's own network, as a fleet has it, of at most five machines. */
export class EmulatedGroup {
  private constructor(
    private readonly api: Api,
    readonly name: string,
  ) {}

  static async create(api: Api, options: GroupOptions): Promise<EmulatedGroup> {
    const { name, zones, spot = false, types = ["c7g.large", "c6g.large"], template } = options;
    const { Subnets = [] } = await api.ec2.send(new DescribeSubnetsCommand());
    const subnets = zones.map((zone) => Subnets.find(({ AvailabilityZone }) => AvailabilityZone === zone)!);
    const { LaunchTemplate } = await api.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: randomUUID(),
        LaunchTemplateData: { ImageId: IMAGE, ...template },
      }),
    );
    const { LaunchTemplateId } = LaunchTemplate!;
    await api.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: 0,
        MaxSize: 5,
        VPCZoneIdentifier: subnets.map(({ SubnetId }) => SubnetId).join(","),
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateId, Version: "1" },
            Overrides: types.map((InstanceType) => ({ InstanceType })),
          },
          InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: spot ? 0 : 100 },
        },
      }),
    );
    return new EmulatedGroup(api, name);
  }

  async describe(): Promise<AutoScalingGroup | undefined> {
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [this.name] });
    return (await this.api.autoScaling.send(command)).AutoScalingGroups?.[0];
  }

  async members(state = "InService"): Promise<readonly Instance[]> {
    return ((await this.describe())?.Instances ?? []).filter(
      ({ LifecycleState }) => LifecycleState === state,
    );
  }

  /** The latest first. */
  async activities(): Promise<readonly Activity[]> {
    const command = new DescribeScalingActivitiesCommand({ AutoScalingGroupName: this.name });
    return (await this.api.autoScaling.send(command)).Activities ?? [];
  }

  async setCapacity(DesiredCapacity: number): Promise<void> {
    const command = new SetDesiredCapacityCommand({ AutoScalingGroupName: this.name, DesiredCapacity });
    await this.api.autoScaling.send(command);
  }

  /** Waits for so many machines in a state. */
  has(count: number, state = "InService"): Promise<readonly Instance[]> {
    return eventually(
      `${count} machines ${state}`,
      () => this.members(state),
      ({ length }) => length === count,
    );
  }

  /** Waits until it has no machine in any state. */
  async isEmpty(): Promise<void> {
    await eventually(
      "no machine",
      () => this.describe(),
      (group) => group?.Instances?.length === 0,
    );
  }

  /** The latest first. */
  async launches(): Promise<readonly Activity[]> {
    return (await this.activities()).filter(({ Description }) => Description?.startsWith("Launching"));
  }

  /** Waits for a machine in the place of another, and gives its id. */
  async replaced(id: string): Promise<string> {
    const [member] = await eventually(
      `a machine in the place of ${id}`,
      () => this.members(),
      ([first, ...others]) => others.length === 0 && first !== undefined && first.InstanceId !== id,
    );
    return member!.InstanceId!;
  }

  async isGone(): Promise<void> {
    await eventually(
      "no group",
      () => this.describe(),
      (group) => group === undefined,
    );
  }

  async delete(): Promise<void> {
    const command = new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: this.name, ForceDelete: true });
    await this.api.autoScaling.send(command);
  }
}
