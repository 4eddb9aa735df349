import {
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  paginateListInstanceProfiles,
  paginateListRoles,
  RemoveRoleFromInstanceProfileCommand,
  type Tag,
} from "@aws-sdk/client-iam";
import { isAccessDenied } from "../../../aws/aws-errors";
import { rolePrefixes } from "../../../lib/model/state-mark";
import { type Found, isMarked, type Kind, type Search } from "./kind";

export const instanceProfiles: Kind = {
  title: "instance profile",
  find: async (search) => {
    const names: string[] = [];
    for await (const { InstanceProfiles = [] } of paginateListInstanceProfiles({ client: search.iam }, {}))
      names.push(...InstanceProfiles.map(({ InstanceProfileName }) => String(InstanceProfileName)));
    return filterMarked(names, search, async (InstanceProfileName) => {
      return (await search.iam.send(new GetInstanceProfileCommand({ InstanceProfileName }))).InstanceProfile
        ?.Tags;
    });
  },
  remove: async ({ iam }, InstanceProfileName) => {
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    for (const { RoleName } of InstanceProfile?.Roles ?? [])
      await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  },
};

export const roles: Kind = {
  title: "role",
  find: async (search) => {
    const names: string[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client: search.iam }, {}))
      names.push(...Roles.map(({ RoleName }) => String(RoleName)));
    return filterMarked(names, search, async (RoleName) => {
      return (await search.iam.send(new GetRoleCommand({ RoleName }))).Role?.Tags;
    });
  },
  // IAM lets no role go that has policies, also those that somebody else has given it.
  remove: async ({ iam }, RoleName) => {
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    for (const { PolicyArn } of AttachedPolicies)
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames)
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  },
};

/** IAM throttles: an account may have many roles of this cluster's name. */
const PARALLEL = 10;

/** IAM lists roles without tags, so we ask only for those of roles with this cluster's names that no state knows. */
async function filterMarked(
  names: readonly string[],
  search: Search,
  tagsOf: (name: string) => Promise<readonly Tag[] | undefined>,
): Promise<Found[]> {
  const prefixes = rolePrefixes(search.cluster);
  const own = names.filter(
    (name) => prefixes.some((prefix) => name.startsWith(prefix)) && !search.knowledge.ids.has(name),
  );
  const judge = async (id: string): Promise<Found[]> => {
    try {
      return isMarked(await tagsOf(id), search) ? [{ id }] : [];
    } catch (error) {
      // It may have gone since it was listed.
      if ((error as { name?: string }).name === "NoSuchEntityException") return [];
      if (isAccessDenied(error)) return [{ id, denied: error }];
      throw error;
    }
  };
  const found: Found[] = [];
  for (let start = 0; start < own.length; start += PARALLEL)
    found.push(...(await Promise.all(own.slice(start, start + PARALLEL).map(judge))).flat());
  return found;
}
