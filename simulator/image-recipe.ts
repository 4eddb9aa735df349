import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** What Debian's EC2 image has and a bootstrap could meet; docs/proof.md lists what is left out. */
const PACKAGES = [
  "apt",
  "ca-certificates",
  "cloud-init",
  "cron",
  "curl",
  "dbus",
  "ethtool",
  "iproute2",
  "openssh-server",
  "polkitd",
  "procps",
  "python3",
  "sudo",
  "systemd",
  "systemd-resolved",
  "systemd-sysv",
  "systemd-timesyncd",
  "unattended-upgrades",
];

const CLOUD_INIT = `# The user and the data source of Debian's EC2 image.
system_info:
  default_user:
    name: admin
    lock_passwd: true
    gecos: Debian
    groups: [adm, cdrom, dialout, dip, floppy, netdev, plugdev, sudo, video]
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
datasource_list: [Ec2]
datasource:
  Ec2: { strict_id: false, metadata_urls: ["http://169.254.169.254"], max_wait: 30, timeout: 5 }
# The interface is wired from outside, where AWS answers DHCP.
network: { config: disabled }
`;

const FILES: Readonly<Record<string, string>> = {
  "etc/cloud/cloud.cfg.d/90-simulator.cfg": CLOUD_INIT,
  // boto3 brings its own list of authorities, which cannot know the simulator's: the one difference in a unit's environment.
  "etc/systemd/system.conf.d/authority.conf":
    "[Manager]\nDefaultEnvironment=AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt\n",
  // The first boot makes it, as on EC2.
  "etc/machine-id": "",
};

/** Made per machine at its first boot; a shared one would be a difference from EC2. */
const REMOVED = [
  "etc/hostname",
  "etc/ssh/ssh_host_*_key*",
  "var/lib/dbus/machine-id",
  "var/log/apt/*",
  "var/cache/apt/archives/*.deb",
];

/** Everything that makes an image; another recipe is another image. */
export interface ImageRecipe {
  readonly suite: string;
  /** Where packages come from; mmdebstrap's own default if undefined. */
  readonly mirror?: string;
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

/** Mirror of the host's own apt sources, if the host is a Debian: it is the one that can be reached from here. */
export function hostMirror(
  read: (file: string) => string = (file) => readFileSync(file, "utf8"),
): string | undefined {
  const sources = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].flatMap((file) => {
    try {
      return read(file).split("\n");
    } catch {
      return [];
    }
  });
  return sources
    .map((line) => /^(?:URIs:|deb(?: \[.*?\])?)\s+(https?:\S+\/debian)\/?(?:\s|$)/.exec(line)?.[1])
    .find((uri) => uri !== undefined);
}

export function debianRecipe(): ImageRecipe {
  return { suite: "trixie", mirror: hostMirror(), packages: PACKAGES, files: FILES, removed: REMOVED };
}

/** Name of the image that a recipe makes. */
export function imageName(recipe: ImageRecipe): string {
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 16);
}
