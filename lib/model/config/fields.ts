import { z } from "zod";
import { isPrivate, parseCidr, toCidr } from "../cidr";
import { INSTANCE_TYPE } from "../instance-type";
import { REGION } from "../region-blocks";
import { explainForbidden, forbiddenOptions } from "./forbidden-options";

/** Each field has one sentence about what is allowed; `toProblems` adds the key and the value. */

export function wholeNumber(min: number, max: number, unit = "") {
  const error = `must be a whole number from ${min} to ${max}${unit && ` (${unit})`}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(", ")}` });
}

export function yesOrNo() {
  return z.boolean({ error: "must be true or false" });
}

/** AWS refuses or reserves these at the start of a bucket's or a security group's name. */
const RESERVED_NAMES = /^(?:sg-|xn--|sthree-|amzn-s3-demo-)/;

export function clusterName() {
  const rule =
    "must be 2 to 24 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen";
  return text(/^(?=.{2,24}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, rule).refine(
    (name) => !RESERVED_NAMES.test(name),
    {
      error: "must not begin with sg-, xn--, sthree- or amzn-s3-demo-, which AWS keeps for itself",
    },
  );
}

export function bucketName() {
  return text(/^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/, "must be the name of an S3 bucket");
}

export function region() {
  return text(
    REGION,
    "must be the code of an AWS region such as us-east-1 (N. Virginia) or eu-central-1 (Frankfurt)",
  );
}

export function machineImage() {
  return text(
    /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    "must be the id of a machine image such as ami-0123456789abcdef0",
  );
}

export function instanceType() {
  return text(INSTANCE_TYPE, "must be an EC2 instance type such as c7g.large");
}

export function vpcCidr() {
  return vpcBlock("must be a block from /16 to /27: the master and one zone of workers need a subnet each");
}

export function regionCidr() {
  return vpcBlock("must be a block from /16 to /27, as 'network.cidr'");
}

function vpcBlock(size: string) {
  const form = "must be a private IPv4 block such as 10.77.0.0/16";
  return z
    .string({ error: form })
    .refine(parseCidr, { error: form, abort: true })
    .refine(hasNoHostBits, { error: hostBits, abort: true })
    .refine((cidr) => prefixOf(cidr) >= 16 && prefixOf(cidr) <= 27, {
      error: size,
      abort: true,
    })
    .refine((cidr) => isPrivate(parseCidr(cidr) ?? { base: 0, prefix: 0 }), {
      error: "must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
    });
}

export function cidrList() {
  const form = "must be a list of IPv4 blocks such as [203.0.113.7/32]";
  const block = z
    .string({ error: "must be an IPv4 block such as 203.0.113.7/32" })
    .refine(parseCidr, { error: "must be an IPv4 block such as 203.0.113.7/32", abort: true })
    .refine(hasNoHostBits, { error: hostBits });
  return z.array(block, { error: form }).refine((blocks) => new Set(blocks).size === blocks.length, {
    error: "must name every block once",
  });
}

/** As Locust's `-f`: a path, several with commas between them, or a list. */
export function locustfiles() {
  const error =
    "must be the path of a .py file or a folder, or a list of them, relative to cluster.yaml, such as locust/locustfile.py";
  const path = String.raw`(?!/)[^\\:,\p{Cc}]+`;
  const one = text(new RegExp(`^${path}$`, "u"), error);
  const several = text(new RegExp(`^${path}(?:,${path})*$`, "u"), error);
  return z.union([several, z.array(one, { error }).min(1, { error })], { error });
}

export function hostNames() {
  const form = "must be a list of host names or addresses such as [load.example.com]";
  // As in an address bar, but without protocol, port and the brackets of IPv6.
  const name = text(
    /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|[0-9a-f:.]*:[0-9a-f:.]+)$/i,
    "must be a host name or an address without protocol and port, such as load.example.com",
  );
  return z.array(name, { error: form }).max(20, { error: "must hold 20 names at most" });
}

function hasNoHostBits(cidr: string): boolean {
  const block = parseCidr(cidr);
  return block !== undefined && toCidr(block) === cidr;
}

function hostBits(issue: { readonly input?: unknown }): string {
  const block = parseCidr(String(issue.input));
  return `must begin at the block's first address${block ? `: write ${toCidr(block)}` : ""}`;
}

function prefixOf(cidr: string): number {
  return parseCidr(cidr)?.prefix ?? 0;
}

/** Options for Locust: a list of texts without those that would break the cluster. */
export function extraArgs() {
  const item = z
    .string({ error: "must be text; put numbers in quotes" })
    .min(1, { error: "must not be empty" })
    // Linux ends an argument there: no program could be started with it.
    .refine((arg) => !arg.includes("\0"), { error: "must not hold the character NUL" });
  return z
    .array(item, { error: "must be a list such as [--tags, checkout]" })
    .superRefine((args, context) => {
      for (const [index, arg] of args.entries()) {
        for (const forbidden of forbiddenOptions([arg])) {
          context.addIssue({
            code: "custom",
            path: [index],
            input: arg,
            message: explainForbidden(forbidden),
          });
        }
      }
    });
}

/** AWS allows 50 tags on a resource; seven are ours on every machine. */
const MOST_TAGS = 43;

/** Tags are read by the machines from the metadata service, which serves no key with a space or a slash. */
const KEY = /^[A-Za-z0-9+\-=._:@]{1,128}$/;
const VALUE = /^[\p{L}\p{N}\p{Z}+\-=._:/@]{0,256}$/u;

/** Keys that AWS reserves or that we set ourselves. */
const RESERVED_KEY = /^(?:aws:|name$|locust-cluster-)/i;

export function tags() {
  const value = z.string({ error: "must be text; put numbers and true/false in quotes" }).regex(VALUE, {
    error: "must have at most 256 letters, digits, spaces and + - = . _ : / @",
  });
  return z
    .record(z.string(), value, { error: "must be a group of keys with a text each, such as team: checkout" })
    .superRefine((entries, context) => {
      const keys = Object.keys(entries);
      if (keys.length > MOST_TAGS) {
        context.addIssue({
          code: "custom",
          input: keys.length,
          message: `must hold at most ${MOST_TAGS} tags`,
        });
      }
      for (const [index, key] of keys.entries()) {
        const message = keyProblem(key) ?? twinProblem(key, keys.slice(0, index));
        if (message) context.addIssue({ code: "custom", input: key, path: [key], message });
      }
    });
}

/** IAM, unlike EC2 and S3, tells no letters apart by case (IAM User Guide, "Tags for IAM resources"). */
function twinProblem(key: string, others: readonly string[]): string | undefined {
  const twin = others.find((other) => other.toLowerCase() === key.toLowerCase());
  return twin && `must not differ from ${twin} only in upper and lower case: IAM treats them as the same key`;
}

function keyProblem(key: string): string | undefined {
  if (RESERVED_KEY.test(key))
    return "must not be named Name, aws:… or locust-cluster-…, which AWS and the cluster set";
  if (!KEY.test(key) || key === "." || key === ".." || key === "_index") {
    return "must have a name of at most 128 letters, digits and + - = . _ : @, which the metadata service can serve";
  }
  return undefined;
}
