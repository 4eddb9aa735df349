import type { Role } from "../../protocol/generated/constants";

/**
 * The stack's outputs: the contract between the infrastructure program and everything that uses a cluster.
 *
 * Names are those of `terraform output`; the types say what `terraform output -json` holds.
 */
export interface ClusterOutputs {
  /** Name of the cluster, `name` of cluster.yaml. */
  readonly cluster_name: string;
  /** AWS region, e.g. `us-east-1`. */
  readonly region: string;
  /** Page and API of the master, e.g. `http://203.0.113.7:8089`. */
  readonly master_url: string;
  /** Elastic IP of the master; survives stop, start and replacement. */
  readonly master_public_ip: string;
  /** Fixed private address of the master, which workers join. */
  readonly master_private_ip: string;
  /** Public addresses of the workers, in the order of their names. */
  readonly worker_public_ips: readonly string[];
  /** Every machine, master first. */
  readonly nodes: readonly NodeOutput[];
  /** Command that opens a shell on the master. */
  readonly ssh_command: string;
  /** Login of the machine image, e.g. `admin`. */
  readonly ssh_user: string;
  /** RSA private key in PEM (PKCS#1). Sensitive. */
  readonly private_key: string;
  /** User of the page; empty when `access.login` is not `generated`. */
  readonly web_username: string;
  /** Password of the page. Sensitive. */
  readonly web_password: string;
  /** Bearer token of the API. Sensitive. */
  readonly api_token: string;
  /** Certificate in PEM that `access.https` serves and clients trust; empty without https. */
  readonly certificate: string;
  /** Name of the cluster's bucket. */
  readonly bucket: string;
  /** Bucket of `results.bucket`, to which the runs are written instead; empty without one. */
  readonly results_bucket: string;
  /** The command to run next: it waits for the cluster and shows the login. */
  readonly next_step: string;
}

/** Outputs of a completely deployed cluster; after an incomplete deploy, Terraform has only those that it knew. */
export const OUTPUT_NAMES = [
  "cluster_name",
  "region",
  "master_url",
  "master_public_ip",
  "master_private_ip",
  "worker_public_ips",
  "nodes",
  "ssh_command",
  "ssh_user",
  "private_key",
  "web_username",
  "web_password",
  "api_token",
  "certificate",
  "bucket",
  "results_bucket",
  "next_step",
] as const satisfies readonly (keyof ClusterOutputs)[];

/** One EC2 instance of the cluster. */
export interface NodeOutput {
  /** `master`, `worker-1`, `worker-2`, … */
  readonly name: string;
  readonly role: Role;
  readonly instance_id: string;
  readonly instance_type: string;
  readonly private_ip: string;
  readonly public_ip: string;
}

/** Name for which the https certificate is issued and against which clients verify it. */
export const CERTIFICATE_HOST = "master.locust-cluster.internal";
