import type {
  Instance as ApiInstance,
  IpPermission,
  RouteTable as ApiRouteTable,
  SecurityGroup as ApiGroup,
  VpcPeeringConnection,
  VpcPeeringConnectionVpcInfo,
} from "@aws-sdk/client-ec2";
import type { GroupRule, SecurityGroup } from "./firewall";
import type { Instance } from "./instance";
import type { Peering, PeeringSide, RouteTable } from "./regions/peering";

/** An instance in the simulator's words. */
export function toInstance(api: ApiInstance, account: string, region: string): Instance {
  const [primary] = api.NetworkInterfaces ?? [];
  return {
    id: api.InstanceId ?? "",
    state: api.State?.Name ?? "pending",
    type: api.InstanceType ?? "",
    imageId: api.ImageId ?? "",
    architecture: api.Architecture ?? "x86_64",
    region,
    zone: api.Placement?.AvailabilityZone ?? "",
    account,
    privateIp: api.PrivateIpAddress ?? "",
    publicIp: api.PublicIpAddress || undefined,
    hostname: api.PrivateDnsName ?? "",
    mac: primary?.MacAddress ?? "",
    subnetId: api.SubnetId ?? "",
    vpcId: api.VpcId ?? "",
    groupIds: (api.SecurityGroups ?? []).map(({ GroupId: id = "" }) => id),
    keyName: api.KeyName || undefined,
    spot: api.InstanceLifecycle === "spot",
    profileArn: api.IamInstanceProfile?.Arn,
    tokensRequired: api.MetadataOptions?.HttpTokens === "required",
    tagsInMetadata: api.MetadataOptions?.InstanceMetadataTags === "enabled",
    tags: Object.fromEntries((api.Tags ?? []).map(({ Key: key = "", Value: value = "" }) => [key, value])),
    launchTime: api.LaunchTime?.toISOString() ?? "",
    transitionReason: api.StateTransitionReason ?? "",
  };
}

function toRule(api: IpPermission): GroupRule {
  return {
    protocol: api.IpProtocol ?? "-1",
    fromPort: api.FromPort,
    toPort: api.ToPort,
    cidrs: (api.IpRanges ?? []).map(({ CidrIp: cidr = "" }) => cidr),
    groupIds: (api.UserIdGroupPairs ?? []).map(({ GroupId: id = "" }) => id),
  };
}

/** A security group in the simulator's words; machines here have no IPv6, so rules of IPv6 are left out. */
export function toSecurityGroup(api: ApiGroup): SecurityGroup {
  return {
    id: api.GroupId ?? "",
    ingress: (api.IpPermissions ?? []).map(toRule),
    egress: (api.IpPermissionsEgress ?? []).map(toRule),
  };
}

/** A peering connection in the simulator's words. */
export function toPeering(api: VpcPeeringConnection): Peering {
  const side = (info: VpcPeeringConnectionVpcInfo = {}): PeeringSide => {
    const { Region: region = "", VpcId: vpcId = "", CidrBlock: cidr = "" } = info;
    return { region, vpcId, cidr };
  };
  return {
    id: api.VpcPeeringConnectionId ?? "",
    sides: [side(api.RequesterVpcInfo), side(api.AccepterVpcInfo)],
  };
}

/** A route table in the simulator's words. */
export function toRouteTable(api: ApiRouteTable): RouteTable {
  const associations = api.Associations ?? [];
  return {
    vpcId: api.VpcId ?? "",
    isMain: associations.some(({ Main: main }) => main),
    subnetIds: associations.flatMap(({ SubnetId: id }) => id ?? []),
    peerRoutes: (api.Routes ?? []).flatMap(
      ({ DestinationCidrBlock: destination, VpcPeeringConnectionId: peeringId }) =>
        destination && peeringId ? [{ destination, peeringId }] : [],
    ),
  };
}
