import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lib/model/project";

/** What Terraform was last started for on a cluster, in a file: it outlives the command that started it. */
export interface TerraformRecord {
  readonly command: "deploy" | "destroy";
  /** Process that sees to Terraform (terraform-supervisor.ts). */
  readonly pid: number;
  /** When that process was born, as the system tells: a number may belong to another process by now. */
  readonly birth: string;
  /** ISO 8601. */
  readonly started: string;
  /** File with all that Terraform says. */
  readonly log: string;
  /** Exit code of Terraform; null while it runs. */
  readonly code: number | null;
}

/** Folder of what this computer keeps of a cluster. */
export function clusterFolder(cluster: string): string {
  return join(projectRoot(), ".cache", cluster);
}

export function recordFile(cluster: string): string {
  return join(clusterFolder(cluster), "terraform.json");
}

export function writeRecord(file: string, record: TerraformRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(record));
  renameSync(temporary, file);
}

/** Nothing when Terraform was never started for this cluster, or when nobody can tell. */
export function readRecord(file: string): TerraformRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isTerraformRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isTerraformRecord(value: unknown): value is TerraformRecord {
  const record = (value ?? {}) as Partial<Record<keyof TerraformRecord, unknown>>;
  const { command, birth, started, log, pid, code } = record;
  const areTexts = [birth, started, log].every((each) => typeof each === "string");
  const isCommand = command === "deploy" || command === "destroy";
  return areTexts && isCommand && Number.isInteger(pid) && (code === null || Number.isInteger(code));
}

/** The Terraform that is at work on a cluster just now. */
export function findRunning(cluster: string): TerraformRecord | undefined {
  const record = readRecord(recordFile(cluster));
  return record && isRunning(record) ? record : undefined;
}

export function isRunning({ code, pid, birth }: TerraformRecord): boolean {
  return code === null && birthOf(pid) === birth;
}

/** When a process was born, in the system's own words; nothing when there is no such process. */
export function birthOf(pid: number): string | undefined {
  try {
    if (process.platform !== "linux")
      return (
        execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined
      );
    // The program's name, in parentheses, may hold spaces; `starttime` is the 20th field after it (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
