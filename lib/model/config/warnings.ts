import { isBurstable } from "../instance-type";
import { REGIONS } from "../region-blocks";
import { otherRegionsOf } from "./fleet-regions";
import { nearest } from "./nearest";
import type { Config } from "./schema";

/**
 * A warning about an unknown, perhaps misspelt region; undefined for a known one. Not an error, because AWS opens regions that
 * this list does not have.
 */
export function explainUnknownRegion(region: string, setting = "region"): string | undefined {
  if (REGIONS.includes(region)) return undefined;
  const near = nearest(region, REGIONS);
  return `'${setting}' ${region} is not an AWS region that this version knows${near ? `: did you mean ${near}?` : ""}`;
}

/** Settings that are allowed, but deserve a warning at every synthesis. */
export function warningsFor(config: Config): string[] {
  const { access, workers, regions } = config;
  const warnings = [...settingsOfRegions(config)].flatMap(
    ([region, setting]) => explainUnknownRegion(region, setting) ?? [],
  );
  const inUse = otherRegionsOf(config);
  for (const other of Object.keys(regions)) {
    if (!inUse.includes(other) && explainUnknownRegion(other) === undefined)
      warnings.push(`'regions.${other}' has no effect: no fleet has ${other} as its 'region'`);
  }
  if (access.login === "none" && access.webCidrs.some((cidr) => cidr.endsWith("/0"))) {
    warnings.push(
      "the page is open to everyone and asks for no login: set 'access.login' or narrow 'access.webCidrs'",
    );
  }
  if (workers.count > 0 && isBurstable(workers.instanceType)) {
    warnings.push(
      `workers of type ${workers.instanceType} run on CPU credits: beyond these AWS ${workers.instanceType.startsWith("t2.") ? "slows them down" : "charges for every vCPU-hour"}; prefer c7g.large or another type that is not burstable`,
    );
  }
  return warnings;
}

/** All regions, each with the first setting that names it. */
function settingsOfRegions({ region: home, fleets, regions }: Config): ReadonlyMap<string, string> {
  const found = new Map([[home, "region"]]);
  const note = (region: string, setting: string) => found.has(region) || found.set(region, setting);
  for (const [name, { region = home }] of Object.entries(fleets)) note(region, `fleets.${name}.region`);
  for (const region of Object.keys(regions)) note(region, "regions");
  return found;
}
