import {
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeRegionsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { explainAwsError } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import { type Config, elasticTypesOf, type FleetRegion, fleetRegionsOf } from "../../../lib/model/config";
import { offerProblem, type RegionFacts, statusProblem } from "./region-problem";

/** Of Debian's images (wiki.debian.org/Cloud/AmazonEC2Image). */
const DEBIAN = "136693071363";

/**
 * Looks whether fleets of other regions can start machines there.
 *
 * @throws UserError that names the region, when they cannot or AWS does not tell
 */
export async function checkRegions(config: Config): Promise<void> {
  const regions = fleetRegionsOf(config);
  if (regions.length === 0) return;
  const statuses = await asking(config.region, readStatuses);
  for (const each of regions) {
    const problem = statusProblem(each, statuses.get(each.region));
    if (problem) throw problem;
  }
  const facts = await Promise.all(
    regions.map((each) => asking(each.region, (client) => readFacts(client, each))),
  );
  for (const [index, each] of regions.entries()) {
    const problem = offerProblem(each, facts[index]!);
    if (problem) throw problem;
  }
}

async function asking<T>(region: string, ask: (client: EC2Client) => Promise<T>): Promise<T> {
  const client = new EC2Client({ region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS });
  try {
    return await ask(client);
  } catch (error) {
    throw explainAwsError(
      error,
      `the regions of the fleets were not checked: EC2 in ${region} does not tell`,
    );
  } finally {
    client.destroy();
  }
}

async function readStatuses(client: EC2Client): Promise<ReadonlyMap<string, string>> {
  const { Regions = [] } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
  return new Map(Regions.map(({ RegionName, OptInStatus }) => [String(RegionName), String(OptInStatus)]));
}

async function readFacts(client: EC2Client, { imageId, fleets }: FleetRegion): Promise<RegionFacts> {
  const [images, offers] = await Promise.all([
    readImages(client, imageId),
    readOffers(client, elasticTypesOf({ fleets })),
  ]);
  return { images, offers };
}

async function readImages(client: EC2Client, imageId: string | undefined): Promise<string[]> {
  const { Images = [] } = await client.send(
    imageId === undefined
      ? new DescribeImagesCommand({
          Owners: [DEBIAN],
          Filters: [{ Name: "name", Values: ["debian-13-arm64-*", "debian-13-amd64-*"] }],
        })
      : new DescribeImagesCommand({
          // A filter, since an id that is not there would fail the whole call.
          Filters: [{ Name: "image-id", Values: [imageId] }],
          // A deprecated image still works, but is not listed without this.
          IncludeDeprecated: true,
        }),
  );
  return [...new Set(Images.map(({ Architecture }) => String(Architecture)))];
}

async function readOffers(client: EC2Client, types: readonly string[]): Promise<RegionFacts["offers"]> {
  const { InstanceTypeOfferings = [] } = await client.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: [...types] }],
    }),
  );
  const zonesOf = (type: string): string[] =>
    InstanceTypeOfferings.filter(({ InstanceType }) => InstanceType === type).map(({ Location }) =>
      String(Location),
    );
  return new Map(types.map((type) => [type, zonesOf(type)]));
}
