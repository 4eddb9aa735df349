import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lib/model/project";
import { UserError } from "../../../lib/model/user-error";
import { birthOf } from "../terraform/terraform-record";

/** A simulation that runs (`npm run simulate`), as commands in other terminals find it. */
export interface SimulationRecord {
  readonly schema: 1;
  readonly pid: number;
  /** When that process was born: a number may belong to another process by now. */
  readonly birth: string;
  /** Variables that lead a command to its account and its cluster. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Set for a command that is led there. */
export const INSIDE = "CLUSTER_SIMULATION";

export function writeSimulation(environment: Readonly<Record<string, string>>): void {
  const file = simulationFile();
  const birth = birthOf(process.pid) ?? "";
  const record: SimulationRecord = { schema: 1, pid: process.pid, birth, environment };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
  chmodSync(file, 0o600); // the mode above is for a new file only
}

export function removeSimulation(): void {
  rmSync(simulationFile(), { force: true });
}

/**
 * The simulation of this project whose process still runs.
 *
 * @throws UserError if it is another user's
 */
export function runningSimulation(root = projectRoot()): SimulationRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(simulationFile(root), "utf8"));
    return isSimulationRecord(record) && birthOf(record.pid) === record.birth ? record : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") return undefined;
    throw new UserError("a simulation of another user runs in this folder", {
      hint: "run the command as that user, e.g. with sudo",
      cause: error,
    });
  }
}

/** A damaged file is no simulation: no process has no birth either, and would seem to run. */
function isSimulationRecord(value: unknown): value is SimulationRecord {
  const record = (value ?? {}) as Partial<Record<keyof SimulationRecord, unknown>>;
  const { pid, birth, environment } = record;
  if (!Number.isInteger(pid) || typeof birth !== "string" || birth === "") return false;
  if (typeof environment !== "object" || environment === null || Array.isArray(environment)) return false;
  return Object.values(environment).every((text) => typeof text === "string");
}

function simulationFile(root = projectRoot()): string {
  return join(root, ".cache", "simulation.json");
}
