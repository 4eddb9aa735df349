import * as commands from "@aws-sdk/client-ec2";
import { apiOf } from "../../simulator/account/clients";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import type { Simulation } from "../../simulator/simulation";
import { until } from "./patience";
import { hasBooted, image, TYPE, USER_DATA } from "./plain-instance";

export const PORT = 7000;

/** A VPC with one subnet, an internet gateway, and one machine that answers on a port. */
export interface Place {
  readonly region: string;
  readonly cidr: string;
  readonly vpcId: string;
  readonly groupId: string;
  readonly tableId: string;
  readonly instanceId: string;
}

export const ec2In = (simulation: Simulation, region: string) => apiOf(simulation.aws.account, region).ec2;

/** Answers every connection with the address that it comes from. */
const SERVER = `import socket
server = socket.create_server(("", ${PORT}))
while True:
    connection, (address, _) = server.accept()
    connection.sendall(address.encode())
    connection.close()
`;

export async function makePlace(simulation: Simulation, region: string, cidr: string): Promise<Place> {
  const ec2 = ec2In(simulation, region);
  const { Vpc: vpc } = await ec2.send(new commands.CreateVpcCommand({ CidrBlock: cidr }));
  const vpcId = vpc!.VpcId!;
  const inside = { VpcId: vpcId, CidrBlock: cidr.replace("0.0/16", "1.0/24") };
  // AWS would choose any zone, also one that does not offer the type.
  const subnetInside = { ...inside, AvailabilityZone: `${region}a` };
  const { Subnet: subnet } = await ec2.send(new commands.CreateSubnetCommand(subnetInside));
  const { InternetGateway: gateway } = await ec2.send(new commands.CreateInternetGatewayCommand());
  const InternetGatewayId = gateway!.InternetGatewayId!;
  await ec2.send(new commands.AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpcId }));
  const { RouteTables: [table] = [] } = await ec2.send(
    new commands.DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
  );
  const toInternet = { DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId };
  await ec2.send(new commands.CreateRouteCommand({ RouteTableId: table?.RouteTableId, ...toInternet }));
  const group = { GroupName: "place", Description: "place", VpcId: vpcId };
  const { GroupId } = await ec2.send(new commands.CreateSecurityGroupCommand(group));
  const groupId = GroupId!;
  const { Instances: [started] = [] } = await ec2.send(
    new commands.RunInstancesCommand({
      ImageId: await image(ec2),
      InstanceType: TYPE,
      MinCount: 1,
      MaxCount: 1,
      UserData: USER_DATA,
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: subnet?.SubnetId, Groups: [groupId], AssociatePublicIpAddress: true },
      ],
    }),
  );
  const [tableId, instanceId] = [table!.RouteTableId!, started!.InstanceId!];
  return { region, cidr, vpcId, groupId, tableId, instanceId };
}

/** Waits for the machine of a place, and starts its server. */
export async function bootPlace(
  simulation: Simulation,
  { instanceId, region }: Place,
): Promise<SimulatedInstance> {
  const found = () => simulation.instances.find(({ instance }) => instance.id === instanceId);
  await until(`the machine in ${region} has booted`, 90, () => {
    const one = found();
    return one !== undefined && hasBooted(one);
  });
  await found()!.machine.exec(["systemd-run", "--unit=answer", "python3", "-c", SERVER]);
  return found()!;
}

/** A rule that admits a block to the machines' port. */
export function admit(simulation: Simulation, { region, groupId }: Place, cidr: string): Promise<unknown> {
  const IpPermissions = [{ IpProtocol: "tcp", FromPort: PORT, ToPort: PORT, IpRanges: [{ CidrIp: cidr }] }];
  return ec2In(simulation, region).send(
    new commands.AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions }),
  );
}

export async function removePlace(simulation: Simulation, { region, instanceId }: Place): Promise<void> {
  const ids = { InstanceIds: [instanceId] };
  await ec2In(simulation, region).send(new commands.TerminateInstancesCommand(ids));
}
