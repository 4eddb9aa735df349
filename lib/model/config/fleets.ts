import { z } from "zod";
import { FIXED_WORKERS } from "../../../protocol/generated/constants";
import { architectureOf } from "../instance-type";
import { CHANGE } from "./change";
import { duration } from "./duration";
import { environment } from "./environment";
import { instanceType, region, wholeNumber, yesOrNo } from "./fields";

/** Largest number of machines in one fleet, as of workers. */
const MOST = 500;

/** The master's role names the group of each; of the longest names, so many fit into 10,240 characters of policies in a role (IAM User Guide, quotas). */
const MOST_FLEETS = 40;

/** Auto Scaling takes so many types for one group (API Reference, LaunchTemplate: "up to 40 instance types"). */
const MOST_TYPES = 40;

/** It becomes part of the names of Auto Scaling group and machines. */
const NAME = /^(?=.{1,16}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

const KEYS = ["region", "instanceTypes", "size", "max", "spot", "idle", "environment"];

/** Elastic machines by the name of their fleet. */
export function fleets() {
  return z
    .record(z.string(), fleet(), {
      error: "must be a group of fleets with settings each, such as eu: { max: 20 }",
    })
    .superRefine((given, context) => {
      const names = Object.keys(given);
      if (names.length > MOST_FLEETS) {
        const message = `must be at most ${MOST_FLEETS} fleets, not ${names.length}`;
        context.addIssue({ code: "custom", input: given, message });
      }
      for (const name of names) {
        const message = nameProblem(name);
        if (message) context.addIssue({ code: "custom", input: name, path: [name], message });
      }
    });
}

function fleet() {
  const error = (issue: { readonly code?: string }): string | undefined =>
    issue.code === "invalid_type" ? `must be a group of settings (${KEYS.join(", ")})` : undefined;
  return z
    .strictObject(
      {
        region: region().optional().meta({
          description:
            "AWS region of the machines, by its code such as eu-central-1 (Frankfurt). In another region than the cluster's, they get a VPC there, which is peered with the cluster's.",
          unset: "that of the cluster",
          change: "replaces the fleet; AWS first drains the old one",
        }),
        instanceTypes: instanceTypes().default(["c7g.large"]).meta({
          description:
            "EC2 instance types of one CPU architecture. On demand, AWS takes the first that it has; on spot, those that it will most likely not take back.",
          change: CHANGE.newMachines,
        }),
        size: wholeNumber(0, MOST).default(0).meta({
          description: "Number of machines that are always there.",
          change: "in place: machines are added, or leave when no run needs them",
        }),
        max: wholeNumber(1, MOST).default(10).meta({
          description:
            "Largest number of machines. There must be addresses for them, and the vCPU quota is checked for them.",
          change: "in place; below the machines that are up, AWS ends the others at once, also in a run",
        }),
        spot: yesOrNo().default(false).meta({
          description:
            "Run on spot capacity: cheaper, but AWS may take a machine away with two minutes' notice.",
          change: "AWS replaces the fleet's machines little by little: deploy while no run is under way",
        }),
        idle: duration().default("10m").meta({
          description: "Time without a run after which the fleet shrinks to `size`.",
          change: CHANGE.deployed,
        }),
        environment: environment().default({}).meta({
          description: "Variables for the locustfile, in addition to `workers.environment`.",
          change: CHANGE.deployed,
        }),
      },
      { error },
    )
    .superRefine(({ size, max }, context) => {
      if (size <= max) return;
      const message = `must not be above 'max', which is ${max}`;
      context.addIssue({ code: "custom", input: size, path: ["size"], message });
    });
}

function nameProblem(name: string): string | undefined {
  if (name === FIXED_WORKERS)
    return `must have another name: '${FIXED_WORKERS}' are the machines of no fleet`;
  if (!NAME.test(name)) {
    return "must have a name of at most 16 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen";
  }
}

function instanceTypes() {
  const error = "must be a list of EC2 instance types such as [c7g.large, c6g.large]";
  return z
    .array(instanceType(), { error })
    .min(1, { error })
    .max(MOST_TYPES, { error: `must name at most ${MOST_TYPES} types` })
    .refine((types) => new Set(types).size === types.length, { error: "must name every type once" })
    .refine((types) => new Set(types.map(architectureOf)).size <= 1, {
      error: "must have one CPU architecture: all of Graviton (c7g, m7g, …) or none",
    });
}
