import {
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DescribeAddressesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { type Kind, marked, tagOf, toFound } from "./kind";

/** Resources that a machine uses. */

export const addresses: Kind = {
  title: "Elastic IP",
  find: async (search) => {
    const { Addresses = [] } = await search.ec2.send(new DescribeAddressesCommand(marked(search)));
    return Addresses.map(({ AllocationId, PublicIp, Tags }) => ({
      id: String(AllocationId),
      name: [PublicIp, tagOf(Tags, "Name")].filter(Boolean).join(", "),
    }));
  },
  // EC2 releases no address that is in use (EC2 API Reference, ReleaseAddress: InvalidIPAddress.InUse).
  remove: async ({ ec2 }, id) => {
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [id] }));
    for (const { AssociationId } of Addresses)
      if (AssociationId) await ec2.send(new DisassociateAddressCommand({ AssociationId }));
    await ec2.send(new ReleaseAddressCommand({ AllocationId: id }));
  },
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
