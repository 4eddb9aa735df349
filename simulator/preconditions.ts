import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../lib/model/user-error";

/** Programs the simulator runs, each with the Debian package that brings it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
  nft: "nftables",
  dnsmasq: "dnsmasq-base",
  ip: "iproute2",
  nsenter: "util-linux",
  openssl: "openssl",
};

export interface Host {
  readonly platform: string;
  readonly userId: number;
  readonly path: string;
}

function thisHost(): Host {
  return { platform: process.platform, userId: process.getuid?.() ?? -1, path: process.env.PATH ?? "" };
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Refuses, in one sentence, a host on which no machine can be booted. */
export function checkPreconditions(host: Host = thisHost()): void {
  if (host.platform !== "linux") {
    throw new UserError(
      `the simulator boots Linux machines and needs a Linux host, this one is ${host.platform}`,
    );
  }
  if (host.userId !== 0) {
    throw new UserError("the simulator makes network namespaces and mounts, which only root may", {
      hint: "run it again with sudo",
    });
  }
  const packages = Object.keys(PROGRAMS).filter((program) => !isOnPath(program, host.path));
  if (packages.length === 0) return;
  const install = packages.map((program) => PROGRAMS[program]).join(" ");
  throw new UserError(`the simulator needs ${packages.join(", ")}, which this host does not have`, {
    hint: `install with 'apt-get install -y --no-install-recommends ${install}'`,
  });
}
