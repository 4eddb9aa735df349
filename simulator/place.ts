import { homedir } from "node:os";
import { join } from "node:path";

/** Namespaces, control groups, mounts and machines made here carry this prefix, so that a sweep finds them all. */
export const PREFIX = "lcsim";

/** Short-lived files: lock, sockets, certificates. On a memory file system, gone after a reboot of the host. */
export const RUN_FOLDER = "/run/locust-cluster-simulator";

/** Images and the disks of machines: large, and outside the repository. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "locust-cluster", "simulator");
}

/** Name of a machine on the host, from its instance id: 15 characters at most, the limit of an interface's name. */
export function machineName(instanceId: string): string {
  return `${PREFIX}-${instanceId.slice(-8)}`;
}
