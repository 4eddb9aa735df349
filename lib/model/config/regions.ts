import { z } from "zod";
import { REGION } from "../region-blocks";
import { CHANGE } from "./change";
import { machineImage, regionCidr } from "./fields";

/** Settings of the other regions in which fleets are, by the name of the region. */
export function regions() {
  return z
    .record(z.string(), regionSettings(), {
      error: "must be a group of regions with settings each, such as eu-west-1: { cidr: 10.90.0.0/16 }",
    })
    .superRefine((given, context) => {
      for (const name of Object.keys(given)) {
        if (REGION.test(name)) continue;
        const message = "must have the code of an AWS region as its name, such as eu-central-1 (Frankfurt)";
        context.addIssue({ code: "custom", input: name, path: [name], message });
      }
    });
}

function regionSettings() {
  const error = (issue: { readonly code?: string }): string | undefined =>
    issue.code === "invalid_type" ? "must be a group of settings (cidr, imageId)" : undefined;
  return z.strictObject(
    {
      cidr: regionCidr().optional().meta({
        description:
          "Private IPv4 block of the cluster's VPC in this region, from /16 to /27. Required with another `network.cidr` than 10.77.0.0/16.",
        unset: "a /16 of the region's own, which no other region has",
        change: "replaces all that the cluster has in the region",
      }),
      imageId: machineImage().optional().meta({
        description:
          "Machine image (AMI) in this region instead of the newest Debian 13. Required with `machines.imageId`, since every region has its own.",
        unset: "the newest Debian 13",
        change: CHANGE.newMachines,
      }),
    },
    { error },
  );
}
