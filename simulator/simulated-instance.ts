import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { AccountView } from "./account-view";
import type { Notices } from "./account/notices";
import type { CertificateAuthority } from "./certificate-authority";
import type { NamespaceSockets } from "./namespace-sockets";
import type { Image } from "./image";
import type { Instance, InstanceDetails } from "./instance";
import { Machine } from "./machine";
import { privateDomain } from "./name-server";
import { ADDRESSES, loadRules, openInternet, setPeerRoutes, type Wiring } from "./namespace";
import { machineName } from "./place";
import { PublicAddress } from "./public-address";
import { checkBlock, type PlayedVpc } from "./regions/block-check";

interface MachineFactoryOptions {
  readonly view: AccountView;
  readonly image: Image;
  readonly sockets: NamespaceSockets;
  /** Holds a folder for each machine. */
  readonly folder: string;
  readonly authority: CertificateAuthority;
  /** S3 of the machine's region. */
  readonly storage: string;
  /** VPCs that have machines, in all regions. */
  readonly playedVpcs: () => readonly PlayedVpc[];
  /** Of every process of a machine, beside what the image has. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onEvent: (line: string) => void;
}

/** An instance of the account together with the machine that plays it. */
export class SimulatedInstance {
  readonly name: string;
  /** What was asked when the machine was made; undefined before. */
  details?: InstanceDetails;
  /** What its metadata service tells it of its end. */
  notices: Notices = {};
  /** EC2 knows that it does not answer. */
  isMissed = false;
  /** The rules that the account wants, and those that are in force. */
  rules = "";
  loadedRules?: string;
  /** Blocks of peered VPCs that its route table leads to, and those that the machine has routes to. */
  peerRoutes: readonly string[] = [];
  loadedPeerRoutes?: readonly string[];
  /** Work that is under way. */
  queue: Promise<void> = Promise.resolve();

  private made?: Machine;
  private address?: PublicAddress;

  constructor(
    public instance: Instance,
    private readonly options: MachineFactoryOptions,
  ) {
    this.name = machineName(instance.id);
  }

  /** How people know it: its Name tag, e.g. `locust-worker-1`. */
  get label(): string {
    return this.instance.tags.Name ?? this.instance.id;
  }

  get isMade(): boolean {
    return this.made !== undefined;
  }

  /** Where it is, as soon as there is something of it. */
  get vpc(): PlayedVpc | undefined {
    return this.details && vpcOf(this.instance, this.details);
  }

  /** Its power is gone, and EC2 was not asked to end it. */
  get isDead(): boolean {
    return this.made?.hasLostPower ?? false;
  }

  get machine(): Machine {
    if (!this.made) throw new Error(`${this.label} has not been made yet`);
    return this.made;
  }

  async start(): Promise<void> {
    // The type may have changed while it was stopped.
    const details = await this.options.view.details(this.instance);
    checkBlock(vpcOf(this.instance, details), this.options.playedVpcs());
    this.details = details;
    this.made ??= await this.make(this.details);
    this.made.processors = processorsFor(this.details.vcpus);
    this.made.boot();
    await this.followAddress();
  }

  async stop(): Promise<void> {
    await this.made?.shutDown();
    await this.followAddress();
  }

  async reboot(): Promise<void> {
    await this.made?.reboot();
  }

  async remove(): Promise<void> {
    this.address?.close();
    await this.made?.remove();
  }

  /** Carries the public address that the instance has now, if it runs. */
  async followAddress(): Promise<void> {
    const { instance, made } = this;
    const wanted = made?.running ? instance.publicIp : undefined;
    if (this.address?.address === wanted) return;
    this.address?.close();
    if (wanted && this.details?.internetGateway) await openInternet(this.name);
    this.address = wanted
      ? await PublicAddress.open(wanted, instance.privateIp, this.options.sockets)
      : undefined;
  }

  private async make(details: InstanceDetails): Promise<Machine> {
    const { image, folder, view, onEvent } = this.options;
    const machine = await Machine.create({
      wiring: wiringOf(this.instance, details, this.options.storage),
      image,
      folder: join(folder, this.name),
      files: { ...this.trustedAuthority(), ...this.resolver(), ...this.environment() },
    });
    await loadRules(this.name, this.rules);
    this.loadedRules = this.rules;
    this.loadedPeerRoutes = this.peerRoutes;
    await setPeerRoutes(this.name, [], this.loadedPeerRoutes);
    machine.onPowerOff = () => {
      onEvent(`${this.label} powered itself off`);
      view
        .afterPowerOff(this.instance.id)
        .catch((error: Error) => onEvent(`${this.label}: ${error.message}`));
    };
    return machine;
  }

  /** What comes by DHCP on AWS. */
  private resolver(): Record<string, string> {
    const domain = privateDomain(this.instance.region);
    const settings = `[Resolve]\nDNS=${ADDRESSES.resolver}\nDomains=${domain}\n`;
    return { "etc/systemd/resolved.conf.d/vpc.conf": settings };
  }

  /** systemd hands it to every unit; several such files add up (systemd-system.conf(5), DefaultEnvironment). */
  private environment(): Record<string, string> {
    const variables = Object.entries(this.options.environment).map(([name, value]) => `${name}=${value}`);
    if (variables.length === 0) return {};
    const settings = `[Manager]\nDefaultEnvironment=${variables.join(" ")}\n`;
    return { "etc/systemd/system.conf.d/simulation.conf": settings };
  }

  /** The image's list of authorities with the simulator's at its end. */
  private trustedAuthority(): Record<string, string> {
    const { image, authority } = this.options;
    const list = "etc/ssl/certs/ca-certificates.crt";
    return {
      [list]: readFileSync(join(image.root, list), "utf8") + authority.certificate,
      [`etc/ssl/certs/${authority.fileName}`]: authority.certificate,
      "usr/local/share/ca-certificates/simulator.crt": authority.certificate,
    };
  }
}

/** Makes what plays an instance. */
export class MachineFactory {
  constructor(private readonly options: MachineFactoryOptions) {}

  prepare(instance: Instance): SimulatedInstance {
    return new SimulatedInstance(instance, this.options);
  }
}

function vpcOf({ vpcId: id, region }: Instance, { vpcCidr: cidr }: InstanceDetails): PlayedVpc {
  return { id, region, cidr };
}

function wiringOf(instance: Instance, details: InstanceDetails, storage: string): Wiring {
  return {
    name: machineName(instance.id),
    mac: instance.mac,
    privateIp: instance.privateIp,
    prefixLength: Number(details.subnetCidr.split("/")[1]),
    vpcCidr: details.vpcCidr,
    storage: details.storageEndpoint ? storage : undefined,
  };
}

/** As many of the host's processors as the instance type has; all of them if it has more than the host. */
function processorsFor(vcpus: number): string {
  return `0-${Math.max(1, Math.min(vcpus, cpus().length)) - 1}`;
}
