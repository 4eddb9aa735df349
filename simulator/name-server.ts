import { spawn, type ChildProcess } from "node:child_process";
import { ADDRESSES } from "./namespace";
import { PREFIX } from "./place";
import type { RegionEndpoints } from "./regions/endpoints";

/** Name under which machines reach the target server of the simulation. */
const TARGET_NAME = "target.example";

/** Domain of the private host names of a region's instances. */
export function privateDomain(region: string): string {
  return region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
}

/** What dnsmasq answers: AWS's endpoints, the instances' own names, the target. Nothing else has an address here. */
function nameServerArguments(endpoints: ReadonlyMap<string, RegionEndpoints>): string[] {
  const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
  return [
    "--keep-in-foreground",
    "--conf-file=/dev/null",
    "--pid-file=",
    "--user=root",
    "--no-resolv",
    "--no-hosts",
    "--bind-interfaces",
    `--listen-address=${ADDRESSES.resolver}`,
    "--local=/#/",
    `--address=/amazonaws.com/${ADDRESSES.services}`,
    // S3's name without a region is that of us-east-1.
    `--address=/s3.amazonaws.com/${endpoints.get("us-east-1")!.storage}`,
    `--address=/${TARGET_NAME}/${ADDRESSES.target}`,
    ...[...endpoints].flatMap(([region, { storage, services }]) => [
      `--address=/${region}.amazonaws.com/${services}`,
      `--address=/s3.${region}.amazonaws.com/${storage}`,
      `--address=/s3.dualstack.${region}.amazonaws.com/${storage}`,
      ...privateRanges.map((range) => `--synth-domain=${privateDomain(region)},${range},ip-`),
    ]),
  ];
}

/** The resolver of every VPC. */
export class NameServer {
  private readonly process: ChildProcess;

  constructor(endpoints: ReadonlyMap<string, RegionEndpoints>) {
    const args = [`--net=/run/netns/${PREFIX}`, "dnsmasq", ...nameServerArguments(endpoints)];
    this.process = spawn("nsenter", args, { stdio: ["ignore", "ignore", "inherit"], detached: true });
  }

  close(): void {
    this.process.kill();
  }
}
