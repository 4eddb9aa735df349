/** An EC2 instance as the account describes it: all that a machine needs to be that instance. */
export interface Instance {
  readonly id: string;
  readonly state: "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";
  readonly type: string;
  readonly imageId: string;
  readonly architecture: string;
  readonly region: string;
  readonly zone: string;
  readonly account: string;
  readonly privateIp: string;
  readonly publicIp?: string;
  readonly hostname: string;
  readonly mac: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly groupIds: readonly string[];
  readonly keyName?: string;
  /** On spot capacity. */
  readonly spot: boolean;
  /** ARN of the instance profile. */
  readonly profileArn?: string;
  /** The metadata service answers only with a token (IMDSv2). */
  readonly tokensRequired: boolean;
  readonly tagsInMetadata: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Changes with every start. */
  readonly launchTime: string;
  /** Why it is in its state; changes with every reboot. */
  readonly transitionReason: string;
}

/** What is asked once, when a machine is made. */
export interface InstanceDetails {
  /** base64, as the API has it. */
  readonly userData?: string;
  readonly publicKey?: string;
  readonly vcpus: number;
  readonly subnetCidr: string;
  readonly vpcCidr: string;
  /** The subnet's route table leads to an internet gateway. */
  readonly internetGateway: boolean;
  /** The subnet's route table has a gateway endpoint for S3. */
  readonly storageEndpoint: boolean;
}
