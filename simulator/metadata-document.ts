import type { Notices } from "./account/notices";
import type { Instance, InstanceDetails } from "./instance";

/** A tree of the metadata service: a leaf is text, a branch lists its names. */
export interface MetadataTree {
  readonly [name: string]: string | MetadataTree;
}

/** Temporary keys of a machine's role, as the metadata service hands them out. */
export interface RoleCredentials {
  readonly Role: string;
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  readonly LastUpdated: string;
  readonly Expiration: string;
}

function identityDocument(instance: Instance): string {
  const document = {
    accountId: instance.account,
    architecture: instance.architecture,
    availabilityZone: instance.zone,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.type,
    pendingTime: instance.launchTime,
    privateIp: instance.privateIp,
    region: instance.region,
    version: "2017-09-30",
  };
  return JSON.stringify(document, null, 2);
}

function interfaceOf(instance: Instance, details: InstanceDetails): MetadataTree {
  return {
    "device-number": "0",
    "local-hostname": instance.hostname,
    "local-ipv4s": instance.privateIp,
    mac: instance.mac,
    "owner-id": instance.account,
    "security-group-ids": instance.groupIds.join("\n"),
    "subnet-id": instance.subnetId,
    "subnet-ipv4-cidr-block": details.subnetCidr,
    "vpc-id": instance.vpcId,
    "vpc-ipv4-cidr-block": details.vpcCidr,
    ...(instance.publicIp ? { "public-ipv4s": instance.publicIp } : {}),
  };
}

function roleBranch(credentials: RoleCredentials | undefined, profileArn?: string): MetadataTree {
  // A role that EC2 has not heard of yet has no branch at all.
  if (!credentials) return {};
  const { Role: role, LastUpdated, ...keys } = credentials;
  return {
    iam: {
      info: JSON.stringify({ Code: "Success", LastUpdated, InstanceProfileArn: profileArn }),
      "security-credentials": {
        [role]: JSON.stringify({ Code: "Success", LastUpdated, Type: "AWS-HMAC", ...keys }, null, 2),
      },
    },
  };
}

/** `{ "spot/instance-action": "…" }` is `{ spot: { "instance-action": "…" } }`. */
function toTree(leaves: Notices): MetadataTree {
  const names = new Set(Object.keys(leaves).map((path) => path.split("/")[0]!));
  return Object.fromEntries(
    [...names].map((name) => {
      const below = Object.entries(leaves).filter(([path]) => path.startsWith(`${name}/`));
      const inside = below.map(([path, text]) => [path.slice(name.length + 1), text] as const);
      return [name, leaves[name] ?? toTree(Object.fromEntries(inside))];
    }),
  );
}

/** What 169.254.169.254 knows of one instance, without its user data. */
export function metadataTree(
  instance: Instance,
  details: InstanceDetails,
  credentials: RoleCredentials | undefined,
  notices: Notices = {},
): MetadataTree {
  const key: MetadataTree = details.publicKey
    ? { "public-keys": { [`0=${instance.keyName ?? ""}`]: { "openssh-key": details.publicKey } } }
    : {};
  return {
    "meta-data": {
      "ami-id": instance.imageId,
      "ami-launch-index": "0",
      ...roleBranch(credentials, instance.profileArn),
      hostname: instance.hostname,
      "instance-action": "none",
      "instance-id": instance.id,
      "instance-life-cycle": instance.spot ? "spot" : "on-demand",
      "instance-type": instance.type,
      "local-hostname": instance.hostname,
      "local-ipv4": instance.privateIp,
      mac: instance.mac,
      network: { interfaces: { macs: { [instance.mac]: interfaceOf(instance, details) } } },
      placement: { "availability-zone": instance.zone, region: instance.region },
      ...(instance.publicIp ? { "public-ipv4": instance.publicIp } : {}),
      ...key,
      "security-groups": instance.groupIds.join("\n"),
      services: { domain: "amazonaws.com", partition: "aws" },
      ...(instance.tagsInMetadata ? { tags: { instance: instance.tags } } : {}),
      ...toTree(notices),
    },
    dynamic: { "instance-identity": { document: identityDocument(instance) } },
  };
}

/** The answer for a path, or undefined: the text of a leaf, or the names of a branch, those of branches with a slash. */
export function readMetadata(tree: MetadataTree, path: readonly string[]): string | undefined {
  let place: string | MetadataTree | undefined = tree;
  for (const name of path) {
    if (place === undefined || typeof place === "string") return undefined;
    // Public keys are listed as `0=name` and read as `0`.
    const branch: MetadataTree = place;
    place = branch[name] ?? branch[Object.keys(branch).find((key) => key.startsWith(`${name}=`)) ?? ""];
  }
  if (place === undefined || typeof place === "string") return place;
  const entries = Object.entries(place);
  return entries
    .map(([name, value]) => (typeof value === "string" || name.includes("=") ? name : `${name}/`))
    .join("\n");
}
