import { z } from "zod";
import { LOGINS, WEB_PORT } from "../../../protocol/generated/constants";
import { HOME_BLOCK } from "../region-blocks";
import { CHANGE } from "./change";
import { environment } from "./environment";
import {
  bucketName,
  choice,
  cidrList,
  clusterName,
  extraArgs,
  hostNames,
  instanceType,
  locustfiles,
  machineImage,
  region,
  tags,
  text,
  vpcCidr,
  wholeNumber,
  yesOrNo,
} from "./fields";
import { fleets } from "./fleets";
import { regions } from "./regions";
import { shares } from "./shares";

/**
 * All settings of cluster.yaml. Types, defaults, messages, cluster.schema.json and the table of docs/settings.md come from here.
 *
 * `change` says what a changed value does to a running cluster, `unset` what holds without a value and a default.
 */
export const schema = z.strictObject({
  name: clusterName().default("locust").meta({
    description:
      "Name of the cluster. Every resource carries it, so clusters with different names can share an account.",
    change: CHANGE.newCluster,
  }),
  region: region()
    .default("us-east-1")
    .meta({ description: "AWS region of the cluster.", change: CHANGE.everything }),

  network: section({
    cidr: vpcCidr().default(HOME_BLOCK).meta({
      description: "Private IPv4 block of the cluster's own VPC, from /16 to /27.",
      change: CHANGE.everything,
    }),
    zones: wholeNumber(1, 6).default(2).meta({
      description: "Number of availability zones that share the workers, from 1 to 6.",
      change: "replaces the workers that move to another zone",
    }),
  }),

  master: section({
    instanceType: instanceType().default("t4g.small").meta({
      description: "EC2 instance type of the master. One core is enough for hundreds of workers.",
      change: CHANGE.resize,
    }),
  }),

  workers: section({
    count: wholeNumber(0, 500).default(2).meta({
      description: "Number of worker machines, from 0 to 500. Each runs one Locust process per vCPU.",
      change: "adds or removes workers; touches nothing else",
    }),
    instanceType: instanceType().default("c7g.large").meta({
      description: "EC2 instance type of the workers. On Graviton (c7g, m7g, …) a vCPU is a whole core.",
      change: CHANGE.resize,
    }),
    environment: environment().default({}).meta({
      description: "Variables for the locustfile, on all machines. Every machine can read them: no secrets.",
      change: CHANGE.deployed,
    }),
  }),

  fleets: fleets().default({}).meta({
    description:
      "Elastic machines beside the workers, by the name of their fleet. A run asks for more with `--fleet`.",
    change:
      "adds or removes fleets; with the first and the last, all machines restart Locust after the current run",
  }),

  regions: regions().default({}).meta({
    description: "Settings of other regions in which fleets are, by their codes. By default none is needed.",
    change: "each of its settings says what a change does",
  }),

  shares: shares().default({}).meta({
    description:
      "Percentages of a run's users by fleet, such as { eu: 60%, workers: 40% }, 100% together; other fleets get none. Without shares, users are spread evenly over all processes. A run has its own with `--share`.",
    change: "in place: the next run has them",
  }),

  machines: section({
    imageId: machineImage().optional().meta({
      description:
        "Machine image (AMI) instead of the newest Debian 13. It needs systemd, curl, Python ≥ 3.11 and the login `admin`, and the CPU architecture of the instance types.",
      unset: "the newest Debian 13",
      change: CHANGE.machines,
    }),
    pythonVersion: text(
      /^3\.(?:1[1-9]|[2-9]\d)$/,
      'must be a Python version from 3.11 on, in quotes, such as "3.13"',
    )
      .default("3.13")
      .meta({
        description: "Python version of the machine image. Debian 13 has 3.13.",
        change: CHANGE.machines,
      }),
    rootVolumeGiB: wholeNumber(8, 16384, "GiB").default(10).meta({
      description: "Size of each machine's encrypted gp3 disk in GiB, from 8 to 16384.",
      change: "grows in place, usable after the next reboot; AWS cannot shrink it",
    }),
  }),

  access: section({
    webCidrs: cidrList()
      .default(["0.0.0.0/0"])
      .meta({
        description: `IPv4 blocks that may reach the page and the API on port ${WEB_PORT}. An empty list closes the port.`,
        change: CHANGE.inPlace,
      }),
    sshCidrs: cidrList().default(["0.0.0.0/0"]).meta({
      description:
        "IPv4 blocks that may reach SSH on port 22, which admits only the cluster's key. An empty list closes the port.",
      change: CHANGE.inPlace,
    }),
    login: choice(LOGINS).default("generated").meta({
      description:
        "Login of the page: `generated` creates a password and a token, `custom` uses the login of the locustfile, `none` asks for no login.",
      change: CHANGE.deployed,
    }),
    https: yesOrNo().default(false).meta({
      description:
        "Serve the page over TLS, with the cluster's own certificate. The command line verifies it; a browser warns once.",
      change: CHANGE.deployed,
    }),
    hostNames: hostNames().default([]).meta({
      description:
        "More names and addresses of the page, such as those of a proxy. Without a login, the page answers only to these and to its own addresses.",
      change: CHANGE.deployed,
    }),
  }),

  locust: section({
    version: text(
      /^(?:2\.(?:4[7-9]|[5-9]\d|\d{3,})|[3-9]\.\d+)\.\d+$/,
      'must be a version of Locust from 2.47.0 on, in quotes, such as "2.47.0"',
    )
      .default("2.47.0")
      .meta({ description: "Locust version, 2.47.0 or newer.", change: CHANGE.followed }),
    locustfile: locustfiles().default("locust/locustfile.py").meta({
      description:
        "The test, relative to cluster.yaml: a `.py` file, a folder of such files, or a list. The machines get the whole folder that contains it.",
      change: CHANGE.followed,
    }),
    host: text(
      /^(?!-)[^\s\p{Cc}]+$/u,
      "must be an address without spaces, such as https://shop.example or localhost:50051",
    )
      .optional()
      .meta({
        description: "Address of the target, for all user classes. It overrides the hosts in the locustfile.",
        unset: "the hosts in the locustfile",
        change: CHANGE.followed,
      }),
    extraArgs: extraArgs().default([]).meta({
      description: "Extra options for Locust on every machine, such as [--tags, checkout].",
      change: CHANGE.followed,
    }),
  }),

  results: section({
    bucket: bucketName()
      .optional()
      .meta({
        description:
          "Existing S3 bucket in the same region that gets the runs instead of the cluster's own. It is never destroyed.",
        unset: "the cluster's own bucket",
        change: `${CHANGE.deployed}; older runs stay where they are`,
      }),
    keepOnDestroy: yesOrNo().default(true).meta({
      description:
        "Before the cluster is destroyed, save every run that is not yet under `runs/`. If that fails, nothing is destroyed.",
      change: "in place; the next destroy uses it, without a deploy",
    }),
  }),

  state: section({
    bucket: bucketName().optional().meta({
      description:
        "Existing S3 bucket in the same region that keeps the Terraform state, with locking, for teams and CI. Without it, the state is a file in the project.",
      unset: "a file in the project",
      change: "moves the state: run `terraform init -migrate-state` in the stack's folder",
    }),
  }),

  tags: tags().default({}).meta({ description: "AWS tags for every resource.", change: CHANGE.inPlace }),
});

/** cluster.yaml with all defaults filled in. */
export type Config = z.output<typeof schema>;

/** One of `fleets`. */
export type FleetSettings = Config["fleets"][string];

function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, { error: groupError(Object.keys(shape)) }).prefault({} as never);
}

/** For the group itself; `toProblems` reports unknown keys inside it. */
function groupError(keys: readonly string[]) {
  return (issue: { readonly code?: string }): string | undefined =>
    issue.code === "invalid_type" ? `must be a group of settings (${keys.join(", ")})` : undefined;
}
