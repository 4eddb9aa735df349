import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Construct } from "constructs";
import type { Architecture } from "../model/instance-type";

export interface MachineImageProps {
  readonly architecture: Architecture;
  /**
   * Image to use.
   *
   * @default - the newest Debian 13
   */
  readonly imageId?: string;
}

/** Login of Debian's images. */
export const IMAGE_USER = "admin";

/** Debian calls the architecture of x86_64 by another name than AWS (wiki.debian.org/Cloud/AmazonEC2Image). */
const DEBIAN_NAME: Readonly<Record<Architecture, string>> = { arm64: "arm64", x86_64: "amd64" };

export class MachineImage extends Construct {
  readonly architecture: Architecture;
  /** Image id for the machines. */
  readonly id: string;
  /** The choice, known at synthesis. A change replaces the machine; a newer build of Debian does not. */
  readonly choice: string;
  private details?: DataAwsAmi;

  constructor(scope: Construct, id: string, { architecture, imageId }: MachineImageProps) {
    super(scope, id);
    this.architecture = architecture;
    this.choice = imageId ?? "debian-13";
    // The insecure value is the plain one: `value` is marked as secret and would hide the image in every plan.
    this.id =
      imageId ??
      new DataAwsSsmParameter(this, "debian", {
        name: `/aws/service/debian/release/13/latest/${DEBIAN_NAME[architecture]}`,
      }).insecureValue;
  }

  /** Name of its root device, which a launch template must name to change the disk. Asked of AWS when it is first wanted. */
  get rootDevice(): string {
    this.details ??= new DataAwsAmi(this, "details", {
      filter: [{ name: "image-id", values: [this.id] }],
      // A deprecated image still works, but is not listed without this.
      includeDeprecated: true,
    });
    return this.details.rootDeviceName;
  }
}
