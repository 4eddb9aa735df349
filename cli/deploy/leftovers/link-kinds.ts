import {
  DeleteRouteCommand,
  DescribeSecurityGroupRulesCommand,
  DisassociateRouteTableCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { type Kind, marked, type Search } from "./kind";
import { routeId } from "./knowledge";
import { describeTables } from "./network-kinds";

const INTERNET = "0.0.0.0/0";

/*
 * Links between resources that a state knows: one that was made and not written down makes the next deploy fail with
 * "already exists". Links of a resource that is to go itself go with it, and are not looked for.
 */

/** The ways to the internet and to a VPC in another region; other routes are not Terraform's here. */
export const routes: Kind = {
  title: "route",
  find: async (search) =>
    (await describeKnownTables(search)).flatMap(({ RouteTableId, Routes = [] }) =>
      Routes.filter((route) => route.DestinationCidrBlock === INTERNET || route.VpcPeeringConnectionId).map(
        (route) => ({ id: routeId(RouteTableId, route.DestinationCidrBlock) }),
      ),
    ),
  remove: ({ ec2 }, id) => {
    const [RouteTableId, DestinationCidrBlock] = id.split(" ");
    return ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock }));
  },
};

export const routeTableAssociations: Kind = {
  title: "route table association",
  find: async (search) =>
    (await describeKnownTables(search))
      .flatMap(({ Associations = [] }) => Associations)
      .filter(({ Main, SubnetId }) => Main !== true && search.knowledge.ids.has(String(SubnetId)))
      .map(({ RouteTableAssociationId }) => ({ id: String(RouteTableAssociationId) })),
  remove: ({ ec2 }, id) => ec2.send(new DisassociateRouteTableCommand({ AssociationId: id })),
};

export const securityGroupRules: Kind = {
  title: "security group rule",
  find: async (search) => {
    const { SecurityGroupRules = [] } = await search.ec2.send(
      new DescribeSecurityGroupRulesCommand(marked(search)),
    );
    return SecurityGroupRules.filter(({ GroupId }) => search.knowledge.ids.has(String(GroupId))).map(
      ({ SecurityGroupRuleId, Description }) => ({ id: String(SecurityGroupRuleId), name: Description }),
    );
  },
  remove: async ({ ec2 }, id) => {
    const { SecurityGroupRules = [] } = await ec2.send(
      new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] }),
    );
    for (const { GroupId, IsEgress } of SecurityGroupRules) {
      const input = { GroupId, SecurityGroupRuleIds: [id] };
      await (IsEgress
        ? ec2.send(new RevokeSecurityGroupEgressCommand(input))
        : ec2.send(new RevokeSecurityGroupIngressCommand(input)));
    }
  },
};

async function describeKnownTables(search: Search) {
  const tables = await describeTables(search);
  return tables.filter(({ RouteTableId }) => search.knowledge.ids.has(String(RouteTableId)));
}
