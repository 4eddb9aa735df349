import { CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { apiOf } from "../../simulator/account/clients";
import { interruptSpot } from "../../simulator/account/notices";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import type { Simulation } from "../../simulator/simulation";
import { until } from "./patience";
import { hasBooted, image, TYPE, USER_DATA } from "./plain-instance";
import { explained } from "./print-machines";

const GROUP = "simulator-test";
const METADATA = "http://169.254.169.254/latest/meta-data";

/** One machine on spot capacity, which its group replaces twice. */
export function groupTests(running: () => Simulation): void {
  let member: SimulatedInstance | undefined;

  const booted = async (): Promise<SimulatedInstance> => {
    const found = () => running().instances.find((one) => one !== member && hasBooted(one));
    await explained(running(), () => until("another machine has booted", 60, () => found() !== undefined));
    return (member = found()!);
  };
  /** What the machine's metadata service says: text, or the status of a refusal. */
  const ask = async (path: string): Promise<string> => {
    const command = ["curl", "-s", "-w", "\n%{http_code}", `${METADATA}/${path}`];
    const lines = (await member!.machine.exec(command)).stdout.split("\n");
    const status = lines.pop()!;
    return status === "200" ? lines.join("\n") : status;
  };

  test("an instance of an Auto Scaling group boots, and knows what it is", async () => {
    const { autoScaling, ec2 } = apiOf(running().aws.account);
    const { Subnets: [subnet] = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: GROUP,
        LaunchTemplateData: {
          ImageId: await image(ec2),
          InstanceType: TYPE,
          UserData: USER_DATA,
          InstanceMarketOptions: { MarketType: "spot" },
        },
      }),
    );
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: GROUP,
        LaunchTemplate: { LaunchTemplateName: GROUP },
        VPCZoneIdentifier: subnet?.SubnetId,
        MinSize: 1,
        MaxSize: 1,
        DesiredCapacity: 1,
      }),
    );
    const { machine } = await booted();
    expect(machine.read("var/lib/booted")).toContain("CLUSTER_SAMPLE_TARGET=http://target.example\n");
    expect(await ask("instance-life-cycle")).toBe("spot");
    expect(await ask("autoscaling/target-lifecycle-state")).toBe("InService");
    expect(await ask("spot/instance-action")).toBe("404");
  });

  test("a machine of a group that loses its power is replaced", async () => {
    const { machine, instance } = member!;
    await machine.pullPlug();
    expect((await booted()).instance.id).not.toBe(instance.id);
    expect(running().instances).toHaveLength(1);
  });

  test("a machine on spot capacity reads its notice, ends, and is replaced", async () => {
    const { id } = member!.instance;
    await interruptSpot(running().aws.account, id, 5);
    await until("it reads the notice", 4, async () => (await ask("spot/instance-action")) !== "404");
    expect(JSON.parse(await ask("spot/instance-action"))).toMatchObject({ action: "terminate" });
    expect(member!.machine.running).toBe(true);
    expect((await booted()).instance.id).not.toBe(id);
  });

  test("the machines of a group go with it", async () => {
    const deletion = new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, ForceDelete: true });
    await apiOf(running().aws.account).autoScaling.send(deletion);
    await until("they are gone", 30, () => running().instances.length === 0);
  });
}
