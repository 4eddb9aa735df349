import type { FleetRegion } from "../../../lib/model/config";
import { architectureOf } from "../../../lib/model/instance-type";
import { UserError } from "../../../lib/model/user-error";

/** What a region has for machines. */
export interface RegionFacts {
  /** Architectures for which there is an image. */
  readonly images: readonly string[];
  /** Zones that offer a type, by its name. */
  readonly offers: ReadonlyMap<string, readonly string[]>;
}

/**
 * Why the account may not use a region. Pure.
 *
 * @param optInStatus `not-opted-in`, …; undefined where AWS has no such region (EC2 API reference, Region)
 */
export function statusProblem(
  { region, fleets }: FleetRegion,
  optInStatus: string | undefined,
): UserError | undefined {
  const setting = `'fleets.${Object.keys(fleets)[0]}.region'`;
  if (optInStatus === undefined)
    return new UserError(`${setting} names ${region}, a region that AWS does not have for this account`);
  if (optInStatus !== "not-opted-in") return undefined;
  return new UserError(`${setting} names ${region}, a region that this account has not enabled`, {
    hint: "enable it in AWS's console (Account, AWS Regions), which takes minutes to hours, or choose another region",
  });
}

/** Why a fleet could start no machine in a region that the account may use. Pure. */
export function offerProblem(
  { region, imageId, fleets }: FleetRegion,
  { images, offers }: RegionFacts,
): UserError | undefined {
  for (const [name, { instanceTypes }] of Object.entries(fleets)) {
    const architecture = architectureOf(instanceTypes[0]!);
    if (!images.includes(architecture)) {
      const what = imageId === undefined ? "no image of Debian 13" : `no image ${imageId}`;
      return new UserError(`${region} has ${what} for ${architecture}, which fleet '${name}' needs`, {
        hint: `set 'regions.${region}.imageId' to an image there, or choose another region`,
      });
    }
    const [first = [], ...others] = instanceTypes.map((type) => offers.get(type) ?? []);
    const isOffered = (zone: string) =>
      isZoneOf(region, zone) && others.every((zones) => zones.includes(zone));
    if (!first.some(isOffered)) {
      return new UserError(`no availability zone of ${region} offers ${instanceTypes.join(" and ")}`, {
        hint: `change 'fleets.${name}.instanceTypes'`,
      });
    }
  }
  return undefined;
}

/** Not a local or wavelength zone, such as us-west-2-lax-1a: no machines start there (lib/constructs/fleet-zones.ts). */
function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));
}
