// Written by `npm run docs` from lib/model/config/schema.ts.

/** What cluster.yaml may say. */
export interface ClusterSettings {
  /**
   * Name of the cluster; everything created carries it, so clusters live side by side in one account.
   * A change: names another cluster: destroy the old one first.
   *
   * @default "locust"
   */
  readonly name?: string;

  /**
   * AWS region.
   * A change: replaces everything: destroy first.
   *
   * @default "us-east-1"
   */
  readonly region?: string;

  readonly network?: {
    /**
     * Private addresses of the cluster's own VPC, from /16 to /27.
     * A change: replaces everything: destroy first.
     *
     * @default "10.77.0.0/16"
     */
    readonly cidr?: string;

    /**
     * Availability zones over which the workers are spread.
     * A change: moves workers to other zones: these are replaced.
     *
     * @default 2
     */
    readonly zones?: number;
  };

  readonly master?: {
    /**
     * EC2 instance type of the master. One core is enough for hundreds of workers.
     * A change: in place: the machine stops and starts; replaced when the CPU architecture changes.
     *
     * @default "t4g.small"
     */
    readonly instanceType?: string;
  };

  readonly workers?: {
    /**
     * Number of worker machines. Each runs one Locust process per vCPU.
     * A change: adds or removes workers, touches nothing else.
     *
     * @default 2
     */
    readonly count?: number;

    /**
     * EC2 instance type of the workers. On Graviton (c7g, m7g, …) a vCPU is a whole core.
     * A change: in place: the machine stops and starts; replaced when the CPU architecture changes.
     *
     * @default "c7g.large"
     */
    readonly instanceType?: string;
  };

  readonly machines?: {
    /**
     * Machine image to use instead of the newest Debian 13. It needs systemd, curl, Python ≥ 3.11 and the login admin, and must suit the architecture of the instance types.
     * A change: replaces all machines.
     */
    readonly imageId?: string;

    /**
     * Python of the machine image; Debian 13 has 3.13.
     * A change: replaces all machines.
     *
     * @default "3.13"
     */
    readonly pythonVersion?: string;

    /**
     * Size of each machine's encrypted gp3 disk in GiB.
     * A change: grows in place, used after the next reboot; AWS refuses to shrink it.
     *
     * @default 10
     */
    readonly rootVolumeGiB?: number;
  };

  readonly access?: {
    /**
     * Who may reach the page and the API on port 8089. An empty list closes it.
     * A change: in place, nothing restarts.
     *
     * @default ["0.0.0.0/0"]
     */
    readonly webCidrs?: readonly string[];

    /**
     * Who may reach port 22 of the machines, with the cluster's key only. An empty list closes it.
     * A change: in place, nothing restarts.
     *
     * @default ["0.0.0.0/0"]
     */
    readonly sshCidrs?: readonly string[];

    /**
     * Login of the page: `generated` makes a password and a token, `custom` leaves it to the locustfile, `none` asks nobody.
     * A change: reaches running machines in seconds, after a run that is under way.
     *
     * @default "generated"
     */
    readonly login?: "generated" | "custom" | "none";

    /**
     * Serve the page over TLS with a certificate of the cluster's own, which the command line verifies.
     * A change: reaches running machines in seconds, after a run that is under way.
     *
     * @default false
     */
    readonly https?: boolean;

    /**
     * Further names and addresses of the page, such as those of a proxy. Without a login it answers to these and to its own addresses only.
     * A change: reaches running machines in seconds, after a run that is under way.
     *
     * @default []
     */
    readonly hostNames?: readonly string[];
  };

  readonly locust?: {
    /**
     * Version of Locust.
     * A change: reaches running machines in seconds, after a run that is under way.
     *
     * @default "2.47.0"
     */
    readonly version?: string;

    /**
     * The test, relative to cluster.yaml: a `.py` file, a folder of them, or a list. The folder that holds all of it is sent to the machines, with all that lies in it.
     * A change: reaches running machines in seconds, after a run that is under way.
     *
     * @default "locust/locustfile.py"
     */
    readonly locustfile?: string | readonly string[];

    /**
     * Address to test, when the locustfile does not say it.
     * A change: reaches running machines in seconds, after a run that is under way.
     */
    readonly host?: string;

    /**
     * More options for Locust on every machine, such as [--tags, checkout].
     * A change: reaches running machines in seconds, after a run that is under way.
     *
     * @default []
     */
    readonly extraArgs?: readonly string[];
  };

  readonly results?: {
    /**
     * Existing S3 bucket, in the same region, to which the runs are written instead of the cluster's own. It is never destroyed.
     * A change: reaches running machines in seconds, after a run that is under way; older runs stay where they are.
     */
    readonly bucket?: string;

    /**
     * Destroying the cluster first brings home every run that is not yet under `runs/`, and stops when it cannot.
     * A change: in place; holds for the next destroy, without a deploy.
     *
     * @default true
     */
    readonly keepOnDestroy?: boolean;
  };

  readonly state?: {
    /**
     * Existing S3 bucket, in the same region, that keeps the Terraform state with locking, for teams and CI. Without it the state is a file in the project.
     * A change: moves the state: run `terraform init -migrate-state` in the stack's folder.
     */
    readonly bucket?: string;
  };

  /**
   * AWS tags of everything that is created.
   * A change: in place, nothing restarts.
   *
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}
