import { setTimeout as sleep } from "node:timers/promises";
import type { AccountView } from "./account-view";
import type { Notices } from "./account/notices";
import { renderRules, type SecurityGroup } from "./firewall";
import type { Instance } from "./instance";
import { loadRules } from "./namespace";
import { MachineFactory, type SimulatedInstance } from "./simulated-instance";

const POLL_MS = 500;

interface Ec2LoopOptions {
  readonly view: AccountView;
  readonly factory: MachineFactory;
  readonly onEvent: (line: string) => void;
}

/** Keeps the machines as the account's API says the instances are. */
export class Ec2Loop {
  private readonly known = new Map<string, SimulatedInstance>();
  private readonly ending = new AbortController();
  private finished: Promise<void> = Promise.resolve();

  constructor(private readonly options: Ec2LoopOptions) {}

  start(): void {
    this.finished = this.run();
  }

  /** Ends the loop and removes every machine. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.finished;
    await Promise.all([...this.known.values()].map((one) => one.remove()));
    this.known.clear();
  }

  /** Machines of instances that are not terminated. */
  get instances(): readonly SimulatedInstance[] {
    return [...this.known.values()];
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        await this.follow();
      } catch (error) {
        if (!signal.aborted)
          this.options.onEvent(`the account could not be followed: ${(error as Error).message}`);
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look at the account. */
  private async follow(): Promise<void> {
    const { view } = this.options;
    const [described, groups, notices] = await Promise.all([
      view.instances(),
      view.securityGroups(),
      view.notices(),
    ]);
    const instances = described.filter(({ state }) => state !== "terminated" && state !== "shutting-down");
    const alive = new Set(instances.map(({ id }) => id));
    for (const gone of this.instances.filter(({ instance }) => !alive.has(instance.id))) {
      this.known.delete(gone.instance.id);
      this.handle(gone, () => gone.remove(), "is terminated");
    }
    for (const instance of instances) this.followInstance(instance);
    for (const one of this.instances) await this.inform(one, notices[one.instance.id]);
    await this.enforce(groups, instances);
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

  /** Works of one machine happen one after another, those of different machines at the same time. */
  private handle(one: SimulatedInstance, work: () => Promise<void>, event?: string): void {
    if (event) this.options.onEvent(`${one.label} ${event}`);
    one.queue = one.queue
      .then(work)
      .catch((error: Error) => this.options.onEvent(`${one.label}: ${error.message}`));
  }
}
