import {
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeRegionsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { ANSWER_IN_TIME } from "../../../aws/answer-in-time";
import { explainAwsError } from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import { type Config, type FleetRegion, fleetRegionsOf } from "../../../lib/model/config";
import { type Architecture, architectureOf } from "../../../lib/model/instance-type";
import { UserError } from "../../../lib/model/user-error";

/** What AWS tells of a region. */
export interface RegionFacts {
  /** `not-opted-in`, …; undefined where AWS has no such region. */
  readonly optInStatus: string | undefined;
  /** Architectures for which there is an image. */
  readonly images: readonly string[];
  /** Zones that offer a type, by its name. */
  readonly offers: ReadonlyMap<string, readonly string[]>;
}

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
  const statuses = await asking(config.region, (client) => readStatuses(client));
  for (const each of regions) {
    const optInStatus = statuses.get(each.region);
    const none = { optInStatus, images: [], offers: new Map() };
    const notThere = regionProblem(each, none, "status");
    if (notThere) throw notThere;
    const facts = await asking(each.region, async (client) => ({
      optInStatus,
      images: await readImages(client, each.imageId),
      offers: await readOffers(client, typesOf(each)),
    }));
    const problem = regionProblem(each, facts);
    if (problem) throw problem;
  }
}

/**
 * Why a fleet could start no machine in a region. Pure.
 *
 * @param known `status`: the rest of the facts is not known yet
 */
export function regionProblem(
  { region, imageId, fleets }: FleetRegion,
  { optInStatus, images, offers }: RegionFacts,
  known: "status" | "all" = "all",
): UserError | undefined {
  const names = Object.keys(fleets);
  const setting = `'fleets.${names[0]}.region'`;
  if (optInStatus === undefined)
    return new UserError(`${setting} names ${region}, a region that AWS does not have for this account`);
  if (optInStatus === "not-opted-in") {
    return new UserError(`${setting} names ${region}, a region that this account has not enabled`, {
      hint: "enable it in AWS's console (Account, AWS Regions), which takes minutes to hours, or choose another region",
    });
  }
  if (known === "status") return undefined;
  for (const [name, { instanceTypes }] of Object.entries(fleets)) {
    const architecture = architectureOf(instanceTypes[0]!);
    if (!images.includes(architecture)) {
      const what = imageId === undefined ? "no image of Debian 13" : `no image ${imageId}`;
      return new UserError(`${region} has ${what} for ${architecture}, which fleet '${name}' needs`, {
        hint: `set 'regions.${region}.imageId' to an image there, or choose another region`,
      });
    }
    const [first = [], ...others] = instanceTypes.map((type) => offers.get(type) ?? []);
    if (!first.some((zone) => others.every((zones) => zones.includes(zone)))) {
      return new UserError(`no availability zone of ${region} offers ${instanceTypes.join(" and ")}`, {
        hint: `change 'fleets.${name}.instanceTypes'`,
      });
    }
  }
  return undefined;
}

function typesOf({ fleets }: FleetRegion): string[] {
  return [...new Set(Object.values(fleets).flatMap(({ instanceTypes }) => instanceTypes))];
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

/** A filter, since an id that is not there would fail the whole call. */
async function readImages(client: EC2Client, imageId: string | undefined): Promise<Architecture[]> {
  const { Images = [] } = await client.send(
    imageId === undefined
      ? new DescribeImagesCommand({
          Owners: [DEBIAN],
          Filters: [{ Name: "name", Values: ["debian-13-arm64-*", "debian-13-amd64-*"] }],
        })
      : new DescribeImagesCommand({
          Filters: [{ Name: "image-id", Values: [imageId] }],
          // A deprecated image still works, but is not listed without this.
          IncludeDeprecated: true,
        }),
  );
  return [...new Set(Images.map(({ Architecture }) => Architecture as Architecture))];
}

async function readOffers(
  client: EC2Client,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { InstanceTypeOfferings = [] } = await client.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: [...types] }],
    }),
  );
  return new Map(
    types.map((type) => [
      type,
      InstanceTypeOfferings.filter(({ InstanceType }) => InstanceType === type).map(({ Location }) =>
        String(Location),
      ),
    ]),
  );
}
