import type { AccountView } from "./account-view";
import type { Notices } from "./account/notices";
import { renderRules, type SecurityGroup } from "./firewall";
import type { Instance } from "./instance";
import { loadRules, setPeerRoutes } from "./namespace";
import type { PlayedVpc } from "./regions/block-check";
import { NO_PEERINGS, type Peering, peerRoutes, type Peerings } from "./regions/peering";
import { MachineFactory, type SimulatedInstance } from "./simulated-instance";

interface Ec2RegionOptions {
  readonly view: AccountView;
  readonly factory: MachineFactory;
  readonly onEvent: (line: string) => void;
}

/** Keeps the machines of a region as the account's API says the instances are. */
export class Ec2Region {
  /** Peering connections that are active. */
  peerings: readonly Peering[] = [];

  private readonly known = new Map<string, SimulatedInstance>();

  constructor(private readonly options: Ec2RegionOptions) {}

  /** Removes every machine. */
  async remove(): Promise<void> {
    await Promise.all([...this.known.values()].map((one) => one.remove()));
    this.known.clear();
  }

  /** Machines of instances that are not terminated. */
  get instances(): readonly SimulatedInstance[] {
    return [...this.known.values()];
  }

  /** Those with machines, each once. */
  get vpcs(): readonly PlayedVpc[] {
    const vpcs = this.instances.flatMap(({ vpc }) => (vpc ? [vpc] : []));
    return [...new Map(vpcs.map((vpc) => [vpc.id, vpc])).values()];
  }

  /**
   * One look at the region.
   *
   * @param notices by the ids of instances
   * @param peered a peering connection is active here
   */
  async follow(notices: Readonly<Record<string, Notices>>, peered: boolean): Promise<void> {
    const { view } = this.options;
    const [described, groups, network] = await Promise.all([
      view.instances(),
      view.securityGroups(),
      peered ? view.peerings() : NO_PEERINGS,
    ]);
    this.peerings = network.peerings;
    const instances = described.filter(({ state }) => state !== "terminated" && state !== "shutting-down");
    const alive = new Set(instances.map(({ id }) => id));
    for (const gone of this.instances.filter(({ instance }) => !alive.has(instance.id))) {
      this.known.delete(gone.instance.id);
      this.handle(gone, () => gone.remove(), "is terminated");
    }
    for (const instance of instances) this.followInstance(instance);
    for (const one of this.instances) await this.inform(one, notices[one.instance.id]);
    await this.enforce(groups, instances);
    await this.route(network);
  }

  private followInstance(instance: Instance): void {
    const one = this.known.get(instance.id);
    if (!one) {
      const created = this.options.factory.prepare(instance);
      this.known.set(instance.id, created);
      if (instance.state !== "stopped") this.handle(created, () => created.start(), "boots");
      return;
    }
    const before = one.instance;
    one.instance = instance;
    const isUp = (state: Instance["state"]) => state === "running" || state === "pending";
    if (isUp(before.state) && !isUp(instance.state)) return this.handle(one, () => one.stop(), "stops");
    if (!isUp(before.state) && isUp(instance.state)) return this.handle(one, () => one.start(), "starts");
    if (!isUp(instance.state)) return;
    if (before.launchTime !== instance.launchTime) {
      // Stopped and started between two looks.
      this.handle(one, async () => one.stop().then(() => one.start()), "stops and starts");
    } else if (before.transitionReason !== instance.transitionReason) {
      this.handle(one, () => one.reboot(), "reboots");
    }
    if (before.publicIp !== instance.publicIp) this.handle(one, () => one.followAddress());
  }

  /** Tells a machine what AWS has to tell it, and AWS whether the machine answers. */
  private async inform(one: SimulatedInstance, notices: Notices = {}): Promise<void> {
    one.notices = notices;
    if (one.isDead === one.isMissed) return;
    await this.options.view.statusCheck(one.instance.id, one.isDead);
    one.isMissed = one.isDead;
  }

  /** Security groups as they are now, in every machine's namespace. */
  private async enforce(groups: readonly SecurityGroup[], instances: readonly Instance[]): Promise<void> {
    const members = new Map(
      groups.map(
        ({ id }) => [id, instances.filter((i) => i.groupIds.includes(id)).map((i) => i.privateIp)] as const,
      ),
    );
    for (const one of this.instances) {
      const own = groups.filter(({ id }) => one.instance.groupIds.includes(id));
      one.rules = renderRules(own, members);
      if (one.loadedRules === undefined || one.loadedRules === one.rules) continue;
      one.loadedRules = one.rules;
      await loadRules(one.name, one.rules);
    }
  }

  /** Routes to peered VPCs as they are now, in every machine's namespace. */
  private async route(network: Peerings): Promise<void> {
    for (const one of this.instances) {
      const before = one.loadedPeerRoutes;
      one.peerRoutes = peerRoutes(one.instance, network);
      if (before === undefined || before.join() === one.peerRoutes.join()) continue;
      one.loadedPeerRoutes = one.peerRoutes;
      await setPeerRoutes(one.name, before, one.peerRoutes);
    }
  }

  /** Works of one machine happen one after another, those of different machines at the same time. */
  private handle(one: SimulatedInstance, work: () => Promise<void>, event?: string): void {
    if (event) this.options.onEvent(`${one.label} ${event}`);
    one.queue = one.queue
      .then(work)
      .catch((error: Error) => this.options.onEvent(`${one.label}: ${error.message}`));
  }
}
