import {
  AcceptVpcPeeringConnectionCommand,
  CreateVpcCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { apiOf } from "../../simulator/account/clients";
import { occupiedRegions } from "../../simulator/account/occupied-regions";
import { describeEmulated } from "../helpers/emulated-suite";
import { eventually } from "../helpers/eventually";
import { image, runInstance, TYPE } from "../machines/plain-instance";

const HOME = "us-east-1";
const ABROAD = "eu-central-1";

/** What the simulator asks twice a second, so that it need not ask every region. */
describeEmulated("the regions of the emulated account", (suite) => {
  const ec2In = (region: string) => apiOf(suite().aws.account, region).ec2;
  const occupied = () => occupiedRegions(suite().aws.account);
  /** Connects the home region's own VPC with one abroad. */
  const connect = async (PeerVpcId: string | undefined) => {
    const { Vpcs: [own] = [] } = await ec2In(HOME).send(new DescribeVpcsCommand({}));
    const ends = { VpcId: own?.VpcId, PeerVpcId, PeerRegion: ABROAD };
    const { VpcPeeringConnection: made } = await ec2In(HOME).send(
      new CreateVpcPeeringConnectionCommand(ends),
    );
    return { VpcPeeringConnectionId: made?.VpcPeeringConnectionId };
  };

  test("are told as soon as they have instances, not when somebody only looks at them", async () => {
    await ec2In(ABROAD).send(new DescribeVpcsCommand({}));
    expect(await occupied()).toEqual({});
    await runInstance(ec2In(HOME), "terminate");
    expect(await occupied()).toEqual({ [HOME]: { peered: false } });
  });

  test("are peered from the moment at which a connection is active to its end, on both sides", async () => {
    const id = await runInstance(ec2In(ABROAD), "terminate");
    const block = { CidrBlock: "10.78.0.0/16" };
    const { Vpc: vpc } = await ec2In(ABROAD).send(new CreateVpcCommand(block));
    const connection = await connect(vpc?.VpcId);
    expect(await occupied()).toEqual({ [HOME]: { peered: false }, [ABROAD]: { peered: false } });
    await ec2In(ABROAD).send(new AcceptVpcPeeringConnectionCommand(connection));
    expect(await occupied()).toEqual({ [HOME]: { peered: true }, [ABROAD]: { peered: true } });
    await ec2In(HOME).send(new DeleteVpcPeeringConnectionCommand(connection));
    expect(await occupied()).toEqual({ [HOME]: { peered: false }, [ABROAD]: { peered: false } });
    await ec2In(ABROAD).send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await eventually("only the home region is left", occupied, (regions) => !(ABROAD in regions));
  });

  test("have no connection between VPCs of the same block", async () => {
    const { Vpcs: [abroad] = [] } = await ec2In(ABROAD).send(new DescribeVpcsCommand({}));
    const { VpcPeeringConnectionId: id } = await connect(abroad?.VpcId);
    const asked = new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id!] });
    const { VpcPeeringConnections: [found] = [] } = await ec2In(HOME).send(asked);
    expect(found?.Status).toEqual({
      Code: "failed",
      Message: "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range",
    });
    const accept = new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id });
    await expect(ec2In(ABROAD).send(accept)).rejects.toMatchObject({ name: "InvalidStateTransition" });
  });

  test("have images with ids of their own, which other regions do not know", async () => {
    const [near, far] = [await image(ec2In(HOME)), await image(ec2In(ABROAD))];
    expect(far).toMatch(/^ami-[0-9a-f]{17}$/);
    expect(far).not.toBe(near);
    const launch = { ImageId: near, InstanceType: TYPE, MinCount: 1, MaxCount: 1 };
    await expect(ec2In(ABROAD).send(new RunInstancesCommand(launch))).rejects.toMatchObject({
      name: "InvalidAMIID.NotFound",
    });
  });
});
