import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { clientOptions } from "../../simulator/account/clients";
import type { Deployment } from "./deployment";

/** The folder of a master's runs. */
const ON_MASTER = "/var/lib/locust/runs";

/** Content of a run's files by their name. */
export type RunFiles = Readonly<Record<string, string>>;

/** What the master has of a run, read by root on the machine itself. */
export async function filesOnMaster({ simulation }: Deployment, run: string): Promise<RunFiles> {
  const { machine } = simulation.node("master");
  const { stdout } = await machine.exec(["ls", join(ON_MASTER, run)]);
  const files: Record<string, string> = {};
  for (const name of stdout.split("\n").filter(Boolean))
    files[name] = (await machine.exec(["cat", join(ON_MASTER, run, name)])).stdout;
  return files;
}

const s3Of = ({ simulation }: Deployment) =>
  new S3Client({ ...clientOptions(simulation.aws.account), forcePathStyle: true });

/** Ids of the runs in the bucket. */
export async function runsInBucket(deployment: Deployment): Promise<string[]> {
  const place = { Bucket: deployment.outputs.bucket, Prefix: "runs/", Delimiter: "/" };
  const { CommonPrefixes: folders = [] } = await s3Of(deployment).send(new ListObjectsV2Command(place));
  return folders.map(({ Prefix: prefix = "" }) => prefix.split("/")[1] ?? "");
}

/** What the bucket has of a run. */
export async function filesInBucket(deployment: Deployment, run: string): Promise<RunFiles> {
  const s3 = s3Of(deployment);
  const place = { Bucket: deployment.outputs.bucket, Prefix: `runs/${run}/` };
  const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command(place));
  const files: Record<string, string> = {};
  for (const { Key: key = "" } of objects) {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: place.Bucket, Key: key }));
    files[key.slice(place.Prefix.length)] = (await body?.transformToString()) ?? "";
  }
  return files;
}

/** What `runs/` of the project has of a run. */
export function filesAtHome({ project }: Deployment, run: string): RunFiles {
  const folder = join(project, "runs", run);
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}
