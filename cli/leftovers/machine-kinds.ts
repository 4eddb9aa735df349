import {
  DeleteKeyPairCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeAddressesCommand,
  DescribeKeyPairsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { type Kind, marked, tagOf, toFound } from "./kind";

/** What a machine uses. */

export const addresses: Kind = {
  title: "Elastic IP",
  find: async (search) => {
    const { Addresses = [] } = await search.ec2.send(new DescribeAddressesCommand(marked(search)));
    return Addresses.map(({ AllocationId, PublicIp, Tags }) => ({
      id: String(AllocationId),
      name: [PublicIp, tagOf(Tags, "Name")].filter(Boolean).join(", "),
    }));
  },
  remove: ({ ec2 }, id) => ec2.send(new ReleaseAddressCommand({ AllocationId: id })),
};

/** That of a machine goes with it: only one that stands alone counts. */
export const networkInterfaces: Kind = {
  title: "network interface",
  find: async (search) => {
    const { NetworkInterfaces = [] } = await search.ec2.send(
      new DescribeNetworkInterfacesCommand(marked(search)),
    );
    return NetworkInterfaces.map(({ NetworkInterfaceId, TagSet }) => ({
      id: String(NetworkInterfaceId),
      name: tagOf(TagSet, "Name"),
    }));
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id })),
};

/** That of a machine goes with it: only one that is attached to nothing counts. */
export const volumes: Kind = {
  title: "volume",
  find: async (search) => {
    const { Volumes = [] } = await search.ec2.send(new DescribeVolumesCommand(marked(search)));
    return toFound(
      Volumes.filter(({ State }) => State === "available"),
      "VolumeId",
    );
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteVolumeCommand({ VolumeId: id })),
};

export const securityGroups: Kind = {
  title: "security group",
  find: async (search) => {
    const { SecurityGroups } = await search.ec2.send(new DescribeSecurityGroupsCommand(marked(search)));
    return toFound(SecurityGroups, "GroupId");
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })),
};

export const keyPairs: Kind = {
  title: "key pair",
  find: async (search) => {
    const { KeyPairs } = await search.ec2.send(new DescribeKeyPairsCommand(marked(search)));
    return toFound(KeyPairs, "KeyName");
  },
  remove: ({ ec2 }, id) => ec2.send(new DeleteKeyPairCommand({ KeyName: id })),
};
