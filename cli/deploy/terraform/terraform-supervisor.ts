import { spawn } from "node:child_process";
import { birthOf, type TerraformRecord, writeRecord } from "./terraform-record";

/**
 * Sees to one run of Terraform, in a session of its own: whatever becomes of the command that started it, Terraform ends
 * its work, and its exit code is kept.
 *
 * Arguments: file of the record, command, log, then Terraform with its arguments.
 */
function main([file = "", command = "", log = "", program = "", ...args]: readonly string[]): void {
  const record: TerraformRecord = {
    command: command as TerraformRecord["command"],
    pid: process.pid,
    birth: birthOf(process.pid) ?? "",
    started: new Date().toISOString(),
    log,
    code: null,
  };
  writeRecord(file, record);
  const terraform = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  const end = (code: number): void => {
    writeRecord(file, { ...record, code });
  };
  terraform.on("error", () => {
    end(127);
  });
  terraform.on("close", (code) => {
    end(code ?? 1);
  });
  // A second interrupt would make Terraform leave at once, without its state.
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (!interrupted) terraform.kill("SIGINT");
      interrupted = true;
    });
  process.on("SIGHUP", () => undefined);
}

main(process.argv.slice(2));
