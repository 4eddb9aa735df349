import { type ChildProcess, type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { projectRoot } from "../../lib/model/project";

/** The project's packages, without their commands. */
export function linkPackages(scratch: string): string {
  const packages = join(projectRoot(), "node_modules");
  const folder = join(scratch, "node_modules");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(packages)) {
    if (name !== ".bin") symlinkSync(join(packages, name), join(folder, name));
  }
  return folder;
}

const PARTS = [
  ...[
    "aws",
    "bin",
    "boot",
    "cli",
    "lib",
    "locks",
    "protocol",
    "runtimes",
    "test-runs",
    "locust",
    "userdata",
    "dist",
    "main.ts",
  ],
  ...["package.json", "tsconfig.json", "cdktf.json"],
];

/** A copy of the project in which programs can be replaced by stubs. */
export class StubProject {
  readonly programs: string;

  constructor(
    readonly folder: string,
    packages: string,
    config = "",
  ) {
    mkdirSync(folder);
    // Not fs.cpSync: it gives folders a new time, and dist/ would be compiled again.
    execFileSync("cp", ["-a", ...PARTS, folder], { cwd: projectRoot() });
    symlinkSync(packages, join(folder, "node_modules"));
    writeFileSync(join(folder, "cluster.yaml"), config);
    this.programs = join(folder, "programs");
    mkdirSync(this.programs);
    for (const program of ["node", "sh", "ps", "env"]) this.link(program);
  }

  /** Puts a shell script on the PATH. */
  stub(name: string, script: string): void {
    write(join(this.programs, name), script);
  }

  /**
   * A Terraform that finds one resource in its state. It notes how it was called, and runs the script as `apply` and
   * `destroy`.
   */
  stubTerraform(script: string): void {
    this.stub(
      "terraform",
      [
        `echo "$*" >> "${this.folder}/calls"`,
        'case "$1" in',
        `version) echo '{"terraform_version":"1.11.4"}' ;;`,
        'state) [ "$2" = pull ] || echo "aws_vpc.network_vpc" ;;',
        "output) echo '{}' ;;",
        `apply | destroy) ${script} ;;`,
        "esac",
      ].join("\n"),
    );
  }

  /** The state of a deployed cluster, whose outputs a stub of Terraform tells; `otherwise` answers for its other commands. */
  stubOutputs(outputs: object, otherwise = "true"): void {
    const told = Object.entries(outputs).map(([name, value]: [string, unknown]) => [name, { value }]);
    writeFileSync(join(this.folder, "terraform.locust.tfstate"), "{}");
    writeFileSync(join(this.folder, "outputs.json"), JSON.stringify(Object.fromEntries(told)));
    this.link("cat");
    this.stub("terraform", `[ "$1" = output ] && cat "${this.folder}/outputs.json" || ${otherwise}`);
  }

  /** Makes a program of this computer reachable; nothing else is. */
  link(program: string, target = program === "node" ? process.execPath : `/bin/${program}`): void {
    symlinkSync(target, join(this.programs, program));
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return runCli(args, { folder: this.folder, env: { PATH: this.programs, ...env } });
  }

  /** Runs a command at a terminal, made by script(1), at which somebody types a line. Its output is stdout. */
  runAtTerminal(args: readonly string[], env: NodeJS.ProcessEnv, typed: string): Promise<CliResult> {
    const command = [process.execPath, join(this.folder, "bin", "locust-cluster.js"), ...args].join(" ");
    const place = { folder: this.folder, env: { PATH: this.programs, SHELL: "/bin/sh", ...env } };
    const child = spawn("/usr/bin/script", ["-qefc", command, "/dev/null"], {
      cwd: this.folder,
      env: environment(place),
    });
    child.stdin.end(`${typed}\n`);
    return collect(child);
  }

  /** Starts a command that the test itself ends. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return startCli(args, { folder: this.folder, env: { PATH: this.programs, ...env } });
  }
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliPlace {
  readonly folder?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the command line as a user does: without a terminal, and without the credentials of whoever runs the tests. */
function startCli(args: readonly string[], place: CliPlace): ChildProcessByStdio<null, Readable, Readable> {
  const { folder = projectRoot(), cwd = folder } = place;
  return spawn(process.execPath, [join(folder, "bin", "locust-cluster.js"), ...args], {
    cwd,
    env: environment(place),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Nobody's credentials and home. */
function environment({ folder = projectRoot(), env = {} }: CliPlace): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: join(folder, "nobody"),
    AWS_EC2_METADATA_DISABLED: "true",
    ...env,
  };
}

/** Runs it to its end. */
export function runCli(args: readonly string[], place: CliPlace = {}): Promise<CliResult> {
  return collect(startCli(args, place));
}

function collect(child: ChildProcess & { stdout: Readable; stderr: Readable }): Promise<CliResult> {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
  }
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const stderr = stripVTControlCharacters(text.stderr).replace(/^compiling the command line.*\n/m, "");
      resolve({ code, stdout: stripVTControlCharacters(text.stdout), stderr });
    });
  });
}

function write(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
