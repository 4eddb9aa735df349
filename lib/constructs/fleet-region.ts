import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { FleetRegion as FleetRegionSettings } from "../model/config";
import { peeringId, regionId } from "../model/region-ids";
import type { Access } from "./access";
import type { Firewall } from "./firewall";
import { Fleet, type FleetContext } from "./fleet";
import { FleetNetwork } from "./fleet-network";
import { FleetZones } from "./fleet-zones";
import { addImages } from "./machine-images";
import type { Network } from "./network";
import { Peering } from "./peering";
import type { Preflight } from "./preflight";
import { useProvider } from "./use-provider";
import { WorkerFirewall } from "./worker-firewall";

/** What the fleets of the cluster's own region share. */
export interface HomeContext extends FleetContext {
  readonly network: Network;
  readonly access: Access;
  readonly firewall: Firewall;
}

export interface FleetRegionProps {
  readonly settings: FleetRegionSettings;
  /** Works in this region. */
  readonly provider: TerraformProvider;
  readonly home: HomeContext;
  /** Number of subnets. */
  readonly zoneCount: number;
  readonly sshCidrs: readonly string[];
  readonly preflight: Preflight;
}

/** Another region than the cluster's, with all that its fleets share, and these. */
export class FleetRegion extends Construct {
  readonly fleets: readonly Fleet[];

  /** The region is a part of the id: what moves to another one must not keep its address, where Terraform would look for it. */
  constructor(
    scope: Construct,
    { settings, provider, home, zoneCount, sshCidrs, preflight }: FleetRegionProps,
  ) {
    const { region, cidr, imageId } = settings;
    super(scope, regionId(region));
    useProvider(this, provider);
    const { cluster } = home;
    const fleets = Object.entries(settings.fleets);
    const types = fleets.map(([, { instanceTypes }]) => instanceTypes);

    const zones = new FleetZones(this, "zones", { region, fleets: types });
    const network = new FleetNetwork(this, "network", { cluster, cidr, zoneCount, zones, preflight });
    const firewall = new WorkerFirewall(this, "firewall", { cluster, network });
    firewall.allowSshFrom(sshCidrs);
    const keyPair = new KeyPair(this, "key-pair", {
      keyNamePrefix: `${cluster}-`,
      publicKey: home.access.publicKey,
    });
    const imageOf = addImages(this, types.flat(), imageId);
    const admitted = home.firewall.allowPeerToMaster(cidr);
    // In the scope of both: one half of it is in the other region.
    const peering = new Peering(scope, peeringId(region), {
      cluster,
      home: home.network,
      away: network,
      region,
      provider,
    });

    this.fleets = fleets.map(([fleet, each]) => {
      return new Fleet(this, `fleet-${fleet}`, {
        ...home,
        region,
        network: {
          vpc: network.vpc,
          workerSubnets: network.workerSubnets,
          masterIp: home.network.masterIp,
          ways: [...network.ways, ...peering.ways, admitted],
        },
        access: { keyPair },
        firewall,
        fleet,
        settings: each,
        image: imageOf(each.instanceTypes[0]!),
      });
    });
  }
}
