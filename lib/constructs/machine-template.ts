import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Construct } from "constructs";
import { BUCKET_TAG, ROLE_ID_TAG, ROLE_TAG } from "../../protocol/generated/constants";
import { METADATA, type MachineContext, userDataOf } from "./machine";
import type { MachineImage } from "./machine-image";
import type { MachineRole } from "./machine-role";
import type { WorkerFirewall } from "./worker-firewall";

export interface MachineTemplateProps extends MachineContext {
  readonly name: string;
  /** Tags of all that is made with it. */
  readonly tags: Readonly<Record<string, string>>;
  /** Where AWS checks the template alone: a group names its types itself. */
  readonly instanceType: string;
  readonly image: MachineImage;
  readonly firewall: WorkerFirewall;
  readonly machineRole: MachineRole;
}

/**
 * How Auto Scaling starts a machine: as a worker, but for its name, which it derives from its instance's id.
 *
 * A change is a new version, also when Debian publishes a newer image: machines that run keep what they have.
 */
export class MachineTemplate extends Construct {
  readonly resource: LaunchTemplate;

  constructor(scope: Construct, id: string, props: MachineTemplateProps) {
    super(scope, id);
    const { name, tags, instanceType, rootVolumeGiB, access, store, image, firewall, machineRole } = props;

    this.resource = new LaunchTemplate(this, "template", {
      name,
      imageId: image.id,
      instanceType,
      keyName: access.keyPair.keyName,
      vpcSecurityGroupIds: [firewall.workerGroup.id],
      iamInstanceProfile: { arn: machineRole.profile.arn },
      userData: userDataOf(props, { role: "worker", image }),
      metadataOptions: METADATA,
      blockDeviceMappings: [
        {
          deviceName: image.rootDevice,
          ebs: {
            volumeType: "gp3",
            volumeSize: rootVolumeGiB,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tags,
      // Neither the tags above nor the provider's default tags reach what is made with the template.
      tagSpecifications: [
        {
          resourceType: "instance",
          tags: {
            ...tags,
            [ROLE_TAG]: "worker",
            [BUCKET_TAG]: store.bucket.id,
            [ROLE_ID_TAG]: machineRole.role.uniqueId,
          },
        },
        // None for requests of spot capacity: EC2 refuses those in a template that asks for none itself.
        ...["volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      ],
    });
  }
}
