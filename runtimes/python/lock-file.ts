import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentInputs } from "../../lib/model/environment-name";

const HEADER = /^# Made from: ([0-9a-f]{20})$/m;

/**
 * The lock beside the user's requirements, to be committed: the versions that the machines of one architecture have.
 *
 * Its head names the inputs that it was made from; it counts only as long as they are the same.
 */
export class LockFile {
  readonly file: string;

  constructor(
    private readonly inputs: EnvironmentInputs,
    private readonly name: string,
  ) {
    this.file = join(inputs.testDirectory, `requirements-${inputs.architecture}.lock`);
  }

  /** The lock, if it was made from today's inputs. */
  public current(): string | undefined {
    const text = this.any();
    return text !== undefined && HEADER.exec(text)?.[1] === this.name ? bodyOf(text) : undefined;
  }

  /** The lock, whatever it was made from. */
  public any(): string | undefined {
    return existsSync(this.file) ? readFileSync(this.file, "utf8").replace(/\r\n/g, "\n") : undefined;
  }

  public write(lock: string): void {
    const { architecture, pythonVersion, locustVersion } = this.inputs;
    const head = [
      `# The packages of ${architecture} machines with Python ${pythonVersion} and Locust ${locustVersion}. Written by deploy; commit it.`,
      "# For newer versions change requirements.txt and delete this file.",
      `# Made from: ${this.name}`,
    ];
    const partial = `${this.file}.${process.pid}`;
    writeFileSync(partial, `${head.join("\n")}\n${lock}`);
    renameSync(partial, this.file);
  }
}

function bodyOf(text: string): string {
  return text.replace(/^(?:#.*\n)+/, "");
}
