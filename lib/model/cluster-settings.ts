// Written by `npm run docs` from lib/model/config/schema.ts.

/** The settings of cluster.yaml. */
export interface ClusterSettings {
  /**
   * Name of the cluster. Every resource carries it, so clusters with different names can share an account.
   * A change: creates another cluster: destroy the old one first.
   *
   * @default "locust"
   */
  readonly name?: string;

  /**
   * AWS region of the cluster.
   * A change: replaces everything: destroy first.
   *
   * @default "us-east-1"
   */
  readonly region?: string;

  readonly network?: {
    /**
     * Private IPv4 block of the cluster's own VPC, from /16 to /27.
     * A change: replaces everything: destroy first.
     *
     * @default "10.77.0.0/16"
     */
    readonly cidr?: string;

    /**
     * Number of availability zones that share the workers, from 1 to 6.
     * A change: replaces the workers that move to another zone.
     *
     * @default 2
     */
    readonly zones?: number;
  };

  readonly master?: {
    /**
     * EC2 instance type of the master. One core is enough for hundreds of workers.
     * A change: in place: the machine stops and starts; another CPU architecture replaces it.
     *
     * @default "t4g.small"
     */
    readonly instanceType?: string;
  };

  readonly workers?: {
    /**
     * Number of worker machines, from 0 to 500. Each runs one Locust process per vCPU.
     * A change: adds or removes workers; touches nothing else.
     *
     * @default 2
     */
    readonly count?: number;

    /**
     * EC2 instance type of the workers. On Graviton (c7g, m7g, …) a vCPU is a whole core.
     * A change: in place: the machine stops and starts; another CPU architecture replaces it.
     *
     * @default "c7g.large"
     */
    readonly instanceType?: string;

    /**
     * Variables for the locustfile, on all machines. Every machine can read them: no secrets.
     * A change: reaches running machines in seconds after `deploy`, or after the current run.
     *
     * @default {}
     */
    readonly environment?: Readonly<Record<string, string>>;
  };

  /**
   * Elastic machines beside the workers, by the name of their fleet. A run asks for more with `--fleet`.
   * A change: adds or removes fleets; with the first and the last, all machines restart Locust after the current run.
   *
   * @default {}
   */
  readonly fleets?: {
    readonly [name: string]: {
      /**
       * AWS region of the machines, by its code such as eu-central-1 (Frankfurt). In another region than the cluster's, they get a VPC there, which is peered with the cluster's.
       * A change: replaces the fleet; AWS first drains the old one.
       *
       * @default - that of the cluster
       */
      readonly region?: string;

      /**
       * EC2 instance types of one CPU architecture. On demand, AWS takes the first that it has; on spot, those that it will most likely not take back.
       * A change: new machines take it; those that are up stay until the fleet shrinks.
       *
       * @default ["c7g.large"]
       */
      readonly instanceTypes?: readonly string[];

      /**
       * Number of machines that are always there.
       * A change: in place: machines are added, or leave when no run needs them.
       *
       * @default 0
       */
      readonly size?: number;

      /**
       * Largest number of machines. There must be addresses for them, and the vCPU quota is checked for them.
       * A change: in place; below the machines that are up, AWS ends the others at once, also in a run.
       *
       * @default 10
       */
      readonly max?: number;

      /**
       * Run on spot capacity: cheaper, but AWS may take a machine away with two minutes' notice.
       * A change: AWS replaces the fleet's machines little by little: deploy while no run is under way.
       *
       * @default false
       */
      readonly spot?: boolean;

      /**
       * Time without a run after which the fleet shrinks to `size`.
       * A change: reaches running machines in seconds after `deploy`, or after the current run.
       *
       * @default "10m"
       */
      readonly idle?: string;

      /**
       * Variables for the locustfile, in addition to `workers.environment`.
       * A change: reaches running machines in seconds after `deploy`, or after the current run.
       *
       * @default {}
       */
      readonly environment?: Readonly<Record<string, string>>;
    };
  };

  /**
   * Settings of other regions in which fleets are, by their codes. By default none is needed.
   * A change: each of its settings says what a change does.
   *
   * @default {}
   */
  readonly regions?: {
    readonly [name: string]: {
      /**
       * Private IPv4 block of the cluster's VPC in this region, from /16 to /27. Required with another `network.cidr` than 10.77.0.0/16.
       * A change: replaces all that the cluster has in the region.
       *
       * @default - a /16 of the region's own, which no other region has
       */
      readonly cidr?: string;

      /**
       * Machine image (AMI) in this region instead of the newest Debian 13. Required with `machines.imageId`, since every region has its own.
       * A change: new machines take it; those that are up stay until the fleet shrinks.
       *
       * @default - the newest Debian 13
       */
      readonly imageId?: string;
    };
  };

  /**
   * Percentages of a run's users by fleet, such as { eu: 60%, workers: 40% }, 100% together; other fleets get none. Without shares, users are spread evenly over all processes. A run has its own with `--share`.
   * A change: in place: the next run has them.
   *
   * @default {}
   */
  readonly shares?: Readonly<Record<string, string>>;

  readonly machines?: {
    /**
     * Machine image (AMI) instead of the newest Debian 13. It needs systemd, curl, Python ≥ 3.11 and the login `admin`, and the CPU architecture of the instance types.
     * A change: replaces all machines.
     *
     * @default - the newest Debian 13
     */
    readonly imageId?: string;

    /**
     * Python version of the machine image. Debian 13 has 3.13.
     * A change: replaces all machines.
     *
     * @default "3.13"
     */
    readonly pythonVersion?: string;

    /**
     * Size of each machine's encrypted gp3 disk in GiB, from 8 to 16384.
     * A change: grows in place, usable after the next reboot; AWS cannot shrink it.
     *
     * @default 10
     */
    readonly rootVolumeGiB?: number;
  };

  readonly access?: {
    /**
     * IPv4 blocks that may reach the page and the API on port 8089. An empty list closes the port.
     * A change: in place, nothing restarts.
     *
     * @default ["0.0.0.0/0"]
     */
    readonly webCidrs?: readonly string[];

    /**
     * IPv4 blocks that may reach SSH on port 22, which admits only the cluster's key. An empty list closes the port.
     * A change: in place, nothing restarts.
     *
     * @default ["0.0.0.0/0"]
     */
    readonly sshCidrs?: readonly string[];

    /**
     * Login of the page: `generated` creates a password and a token, `custom` uses the login of the locustfile, `none` asks for no login.
     * A change: reaches running machines in seconds after `deploy`, or after the current run.
     *
     * @default "generated"
     */
    readonly login?: "generated" | "custom" | "none";

    /**
     * Serve the page over TLS, with the cluster's own certificate. The command line verifies it; a browser warns once.
     * A change: reaches running machines in seconds after `deploy`, or after the current run.
     *
     * @default false
     */
    readonly https?: boolean;

    /**
     * More names and addresses of the page, such as those of a proxy. Without a login, the page answers only to these and to its own addresses.
     * A change: reaches running machines in seconds after `deploy`, or after the current run.
     *
     * @default []
     */
    readonly hostNames?: readonly string[];
  };

  readonly locust?: {
    /**
     * Locust version, 2.47.0 or newer.
     * A change: reaches running machines in seconds after `deploy` or `push`, or after the current run.
     *
     * @default "2.47.0"
     */
    readonly version?: string;

    /**
     * The test, relative to cluster.yaml: a `.py` file, a folder of such files, or a list. The machines get the whole folder that contains it.
     * A change: reaches running machines in seconds after `deploy` or `push`, or after the current run.
     *
     * @default "locust/locustfile.py"
     */
    readonly locustfile?: string | readonly string[];

    /**
     * Address of the target, for all user classes. It overrides the hosts in the locustfile.
     * A change: reaches running machines in seconds after `deploy` or `push`, or after the current run.
     *
     * @default - the hosts in the locustfile
     */
    readonly host?: string;

    /**
     * Extra options for Locust on every machine, such as [--tags, checkout].
     * A change: reaches running machines in seconds after `deploy` or `push`, or after the current run.
     *
     * @default []
     */
    readonly extraArgs?: readonly string[];
  };

  readonly results?: {
    /**
     * Existing S3 bucket in the same region that gets the runs instead of the cluster's own. It is never destroyed.
     * A change: reaches running machines in seconds after `deploy`, or after the current run; older runs stay where they are.
     *
     * @default - the cluster's own bucket
     */
    readonly bucket?: string;

    /**
     * Before the cluster is destroyed, save every run that is not yet under `runs/`. If that fails, nothing is destroyed.
     * A change: in place; the next destroy uses it, without a deploy.
     *
     * @default true
     */
    readonly keepOnDestroy?: boolean;
  };

  readonly state?: {
    /**
     * Existing S3 bucket in the same region that keeps the Terraform state, with locking, for teams and CI. Without it, the state is a file in the project.
     * A change: moves the state: run `terraform init -migrate-state` in the stack's folder.
     *
     * @default - a file in the project
     */
    readonly bucket?: string;
  };

  /**
   * AWS tags for every resource.
   * A change: in place, nothing restarts.
   *
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}
