import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { type Config, fleetRegionsOf, fleetsIn } from "../model/config";
import { Fleet } from "./fleet";
import { FleetRegion, type HomeContext } from "./fleet-region";
import type { ImageOf } from "./machine-images";
import type { MachineRole } from "./machine-role";
import type { Preflight } from "./preflight";
import { ScalingPolicy } from "./scaling-policy";

export interface AddFleetsProps {
  readonly config: Config;
  readonly home: HomeContext;
  /** Images of the cluster's own region. */
  readonly imageOf: ImageOf;
  /** The AWS provider that works in another region. */
  readonly providerOf: (region: string) => TerraformProvider;
  readonly preflight: Preflight;
  /** The role of who sets the capacity. */
  readonly masterRole: MachineRole;
}

/** The fleets of all regions, what other regions need for them, and the master's right to set their capacity. */
export function addFleets(scope: Construct, props: AddFleetsProps): void {
  const { config, home, imageOf, providerOf, preflight, masterRole } = props;
  const near = Object.entries(fleetsIn(config, config.region)).map(([fleet, settings]) => {
    const image = imageOf(settings.instanceTypes[0]!);
    return new Fleet(scope, `fleet-${fleet}`, { ...home, fleet, settings, image });
  });
  const others = fleetRegionsOf(config).map((settings) => {
    const provider = providerOf(settings.region);
    const { region } = settings;
    const { fleets } = new FleetRegion(scope, {
      ...{ settings, provider, home, preflight },
      zoneCount: config.network.zones,
      sshCidrs: config.access.sshCidrs,
    });
    return { region, fleets };
  });
  const all = [{ region: config.region, fleets: near }, ...others].filter(({ fleets }) => fleets.length > 0);
  if (all.length === 0) return;
  new ScalingPolicy(scope, "scaling", {
    cluster: home.cluster,
    regions: all.map(({ region }) => region).sort(),
    fleets: all.flatMap(({ fleets }) => fleets),
    identity: home.identity,
    machineRole: masterRole,
  });
}
