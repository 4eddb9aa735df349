import {
  DescribeImagesCommand,
  DescribeRegionsCommand,
  EC2Client,
  type InstanceTypeOffering,
  paginateDescribeInstanceTypeOfferings,
} from "@aws-sdk/client-ec2";
import { ANSWER_IN_TIME } from "../../../aws/answer-in-time";
import { explainAwsError, isUnknownKey } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import { type Config, elasticTypesOf, type FleetRegion, fleetRegionsOf } from "../../../lib/model/config";
import { UserError } from "../../../lib/model/user-error";
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
    regions.map((each) =>
      asking(each.region, (client) => readFacts(client, each)).catch((error: UserError) => {
        throw isUnknownKey(error.cause) ? notValidThere(each.region, config.region, error) : error;
      }),
    ),
  );
  for (const [index, each] of regions.entries()) {
    const problem = offerProblem(each, facts[index]!);
    if (problem) throw problem;
  }
}

/** `home` has answered with the same credentials. */
function notValidThere(region: string, home: string, cause: unknown): UserError {
  return new UserError(`EC2 in ${region} does not accept the AWS credentials that ${home} accepts`, {
    // IAM User Guide, "Manage AWS STS in an AWS Region".
    hint: "if the region was enabled just now, wait; otherwise take the session from a regional endpoint of STS: those of its global endpoint are valid only in regions that AWS enables by default",
    cause,
  });
}

async function asking<T>(region: string, ask: (client: EC2Client) => Promise<T>): Promise<T> {
  const client = new EC2Client({
    region,
    credentials: awsCredentials,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: ANSWER_IN_TIME,
  });
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
  const offerings: InstanceTypeOffering[] = [];
  const pages = paginateDescribeInstanceTypeOfferings(
    { client },
    { LocationType: "availability-zone", Filters: [{ Name: "instance-type", Values: [...types] }] },
  );
  for await (const { InstanceTypeOfferings = [] } of pages) offerings.push(...InstanceTypeOfferings);
  const zonesOf = (type: string): string[] =>
    offerings.filter(({ InstanceType }) => InstanceType === type).map(({ Location }) => String(Location));
  return new Map(types.map((type) => [type, zonesOf(type)]));
}
