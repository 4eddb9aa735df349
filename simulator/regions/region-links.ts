import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/model/user-error";
import { type Background, startBackground } from "../account/background";
import { openWays, setRules } from "../namespace";
import { PREFIX } from "../place";
import type { RegionEndpoints } from "./endpoints";
import type { Peering } from "./peering";
import { endpointPairs, linkName, type Pair, peeredPairs, waysOf } from "./ways";

const DEVICE = "ways";

interface RegionLinksOptions {
  readonly python: string;
  /** Where the carrier's log goes. */
  readonly folder: string;
  readonly endpoints: ReadonlyMap<string, RegionEndpoints>;
}

/** What is to be linked. */
interface Linked {
  readonly peerings: readonly Peering[];
  /** VPCs with machines. */
  readonly vpcs: readonly { readonly region: string; readonly cidr: string }[];
}

/** Carries packets between VPCs that are peered, and between regions, for as long as it takes there. */
export class RegionLinks {
  private readonly cut = new Set<string>();
  private carrier?: Background<unknown>;
  private peered: readonly Pair[] = [];
  private toEndpoints: readonly Pair[] = [];
  private told = "[]";
  private ruled: readonly string[] = [];

  constructor(private readonly options: RegionLinksOptions) {}

  /** Cuts what joins two regions, without an answer to anybody, or joins them again. */
  setLink(a: string, b: string, up: boolean): void {
    if (up) this.cut.delete(linkName(a, b));
    else this.cut.add(linkName(a, b));
    this.tell();
  }

  async follow({ peerings, vpcs }: Linked): Promise<void> {
    this.peered = peeredPairs(peerings);
    this.toEndpoints = endpointPairs(vpcs, this.options.endpoints);
    if (!this.carrier && this.peered.length + this.toEndpoints.length === 0) return;
    this.carrier ??= await this.start();
    this.tell();
    await this.rule();
  }

  async close(): Promise<void> {
    await this.carrier?.stop();
  }

  private async start(): Promise<Background<unknown>> {
    if (!existsSync("/dev/net/tun")) {
      throw new UserError(
        "the simulator needs /dev/net/tun to link VPCs and regions, which this host lacks",
        {
          hint: "load it with 'modprobe tun'",
        },
      );
    }
    const script = join(__dirname, "carry_packets.py");
    const carrier = await startBackground({
      command: "nsenter",
      args: [`--net=/run/netns/${PREFIX}`, this.options.python, script, DEVICE],
      log: join(this.options.folder, "carry-packets.log"),
    });
    try {
      await openWays(DEVICE);
    } catch (error) {
      // The next look at the account starts another one, with the same device.
      await carrier.stop();
      throw error;
    }
    return carrier;
  }

  private tell(): void {
    const ways = waysOf([...this.peered, ...this.toEndpoints], this.cut);
    const line = JSON.stringify(ways);
    if (!this.carrier || line === this.told) return;
    this.carrier.send(line);
    this.told = line;
  }

  /** Endpoints have addresses of the namespace itself: what goes to and from them takes a way only by a rule. */
  private async rule(): Promise<void> {
    const rules = this.toEndpoints.flatMap(([{ cidr: vpc }, { cidr: endpoint }]) => [
      `iif bridge from ${vpc} to ${endpoint}`,
      `iif lo from ${endpoint} to ${vpc}`,
    ]);
    await setRules(this.ruled, rules);
    this.ruled = rules;
  }
}
