/** Addresses under which machines reach a region's services. */
export interface RegionEndpoints {
  /** Amazon S3: reached by a gateway endpoint of the same region, or through an internet gateway. */
  readonly storage: string;
  /** Every other service: through an internet gateway only. */
  readonly services: string;
}

/** All that `endpointsOf` gives out: of RFC 2544's range for test networks, which plays the internet. */
export const ENDPOINT_RANGE = "198.18.1.0/24";

const FIRST_STORAGE = 10;
const FIRST_SERVICES = 130;

/** Endpoints of all regions, by name. */
export function endpointsOf(regions: readonly string[]): ReadonlyMap<string, RegionEndpoints> {
  if (FIRST_STORAGE + regions.length > FIRST_SERVICES)
    throw new Error(`${ENDPOINT_RANGE} has no room for the endpoints of ${regions.length} regions`);
  const address = (number: number) => ENDPOINT_RANGE.replace("0/24", String(number));
  return new Map(
    regions.map((region, index) => {
      const [storage, services] = [address(FIRST_STORAGE + index), address(FIRST_SERVICES + index)];
      return [region, { storage, services }];
    }),
  );
}
