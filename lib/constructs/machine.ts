import type { InstanceConfig } from "@cdktf/provider-aws/lib/instance";
import type { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { ITerraformDependable } from "cdktf";
import {
  BUCKET_TAG,
  NAME_TAG,
  NODE_TAG,
  ROLE_ID_TAG,
  ROLE_TAG,
  type Role,
} from "../../protocol/generated/constants";
import { renderUserData } from "../model/user-data";
import type { Access } from "./access";
import type { MachineImage } from "./machine-image";
import type { MachineRole } from "./machine-role";
import type { MachineNetwork } from "./public-network";
import type { Release } from "./release";
import type { Store } from "./store";

/** What all machines of a cluster share. */
export interface MachineContext {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Region of the machines. */
  readonly region: string;
  readonly pythonVersion: string;
  readonly rootVolumeGiB: number;
  readonly network: MachineNetwork;
  readonly access: Pick<Access, "keyPair">;
  readonly store: Store;
  readonly release: Release;
}

export interface MachineOptions {
  /** `master`, `worker-1`, …; may be known only to Terraform. */
  readonly node: string;
  readonly role: Role;
  readonly instanceType: string;
  readonly image: MachineImage;
  readonly subnetId: string;
  readonly group: SecurityGroup;
  readonly machineRole: MachineRole;
  /** What else must be there before it boots. */
  readonly needs: readonly ITerraformDependable[];
}

/** The metadata service of every machine. */
export const METADATA = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  instanceMetadataTags: "enabled",
} as const;

/** The settings that master and workers have in common. */
export function machineConfig(context: MachineContext, options: MachineOptions): InstanceConfig {
  const { cluster, rootVolumeGiB, access, store } = context;
  const { node, role, instanceType, image, subnetId, group, machineRole, needs } = options;
  const name = `${cluster}-${node}`;

  return {
    ami: image.id,
    instanceType,
    subnetId,
    vpcSecurityGroupIds: [group.id],
    keyName: access.keyPair.keyName,
    iamInstanceProfile: machineRole.profile.name,
    userDataBase64: userDataOf(context, { role, image }),
    userDataReplaceOnChange: true,
    metadataOptions: METADATA,
    rootBlockDevice: { volumeType: "gp3", volumeSize: rootVolumeGiB, encrypted: true, tags: { Name: name } },
    // The machine reads these from the metadata service, since user data holds no value that is known only at apply.
    tags: {
      Name: name,
      [NAME_TAG]: cluster,
      [NODE_TAG]: node,
      [ROLE_TAG]: role,
      [BUCKET_TAG]: store.bucket.id,
      // With the instance's id it is the machine's `aws:userid`, and so the name of its record in the ledger.
      [ROLE_ID_TAG]: machineRole.role.uniqueId,
    },
    lifecycle: { ignoreChanges: ["ami"] },
    dependsOn: needsOf(context, { machineRole, needs }),
  };
}

/** User data refers to nothing, so Terraform cannot see that the first boot needs all this. */
export function needsOf(
  { network, store, release }: MachineContext,
  { machineRole, needs }: Pick<MachineOptions, "machineRole" | "needs">,
): ITerraformDependable[] {
  return [...network.ways, machineRole.policy, store.policy, ...release.objects, ...needs];
}

/** In base64 by Node: Terraform's functions would evaluate the script's `${…}` and `%{…}`. */
export function userDataOf(
  { cluster, region, pythonVersion, network, store }: MachineContext,
  { role, image }: Pick<MachineOptions, "role" | "image">,
): string {
  const userData = renderUserData({
    role,
    cluster,
    region,
    bucketRegion: store.region,
    architecture: image.architecture,
    image: image.choice,
    masterHost: network.masterIp,
    pythonVersion,
  });
  return Buffer.from(userData).toString("base64");
}
