import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readBundle, writeBundle } from "../../lib/model/bundle";
import { projectRoot } from "../../lib/model/project";
import { renderUserData } from "../../lib/model/user-data";
import { BUCKET_TAG, NODE_TAG, ROLE_ID_TAG, type Role } from "../../protocol/generated/constants";
import type { NodeRecord } from "../../protocol/generated/node-record";

export const ENVIRONMENT = "0123456789abcdef0123";

/** Python of the computer that runs the tests; it stands for the one of the image. */
const [python = "", version = ""] = run("python3", [
  "-c",
  "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2])",
])
  .stdout.trim()
  .split(" ");
export const PYTHON_VERSION = version;

/** Tags that every machine has. */
export const TAGS = { [BUCKET_TAG]: "load-bucket", [ROLE_ID_TAG]: "AROAEXAMPLE" };

const BUCKET_HOST = "https://load-bucket.s3.eu-central-1.amazonaws.com";

/** A ledger record with every field. */
export type BootRecord = Required<NodeRecord>;

/** A folder in which the real boot runs, both stages, with stand-ins for what would change the computer or ask AWS. */
export class Machine {
  readonly root: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "locust-cluster-userdata-"));
  private readonly script = join(this.folder, "user-data");
  /** Name of the bundle that was published last. */
  bundle = "";

  constructor(role: Role, pythonVersion = PYTHON_VERSION) {
    this.root = join(this.folder, "root");
    for (const name of ["root", "sent", "answers", "bucket"]) mkdirSync(join(this.folder, name));
    const text = renderUserData({
      role,
      cluster: "load",
      region: "us-west-2",
      bucketRegion: "eu-central-1",
      architecture: "x86_64",
      image: "debian-13",
      masterHost: "10.77.0.4",
      pythonVersion,
    });
    writeFileSync(this.script, text, { mode: 0o755 });
    this.describe(role === "master" ? "master" : "worker-1", "c7i.large");
    this.fillBucket();
  }

  /** What cloud-init does: the script installs itself. */
  install(): Result {
    return this.run([this.script]);
  }

  /** What locust-bootstrap.service does. */
  bootstrap(environment: NodeJS.ProcessEnv = {}): Result {
    return this.run([this.script, "run"], environment);
  }

  /** What the metadata service says of the machine. */
  describe(node: string, instanceType: string): void {
    const credentials = { AccessKeyId: "AKID", SecretAccessKey: "SECRET", Token: "TOKEN" };
    this.write("imds/api/token", "IMDS-TOKEN");
    this.write("imds/meta-data/instance-id", "i-0123456789abcdef0");
    this.write("imds/meta-data/instance-type", instanceType);
    this.write("imds/meta-data/local-ipv4", "10.77.1.5");
    this.tag({ ...TAGS, [NODE_TAG]: node });
    this.write("imds/meta-data/iam/security-credentials/index", "role-name");
    this.write("imds/meta-data/iam/security-credentials/role-name", JSON.stringify(credentials, null, 2));
  }

  /** Gives the machine these tags and no others. */
  tag(tags: Readonly<Record<string, string>>): void {
    const folder = "imds/meta-data/tags/instance";
    rmSync(join(this.folder, folder), { recursive: true, force: true });
    for (const [name, value] of Object.entries(tags)) this.write(`${folder}/${name}`, value);
    this.write(`${folder}/index`, Object.keys(tags).join("\n"));
  }

  /**
   * What a deploy or a push does: a bundle, and the manifest that names it.
   *
   * @param edit may change the scripts of the second stage, in this folder
   */
  publish(edit: (boot: string) => void = () => undefined): void {
    const project = join(this.folder, "project");
    this.write("project/locust/locustfile.py", "# a test");
    this.write("project/locust/données/à lire.csv", "é");
    this.write("project/locust/data/prepare", "#!/bin/sh");
    chmodSync(join(project, "locust/locustfile.py"), 0o600);
    chmodSync(join(project, "locust/data/prepare"), 0o755);
    this.write("project/agent/locust_cluster/__init__.py", "");
    rmSync(join(project, "boot"), { recursive: true, force: true });
    cpSync(join(projectRoot(), "boot"), join(project, "boot"), { recursive: true });
    edit(join(project, "boot"));
    const bundle = readBundle({ packageRoot: project, testDirectory: join(project, "locust") });
    this.bundle = bundle.hash;
    writeBundle(bundle, join(this.folder, "bucket/bundle", `${bundle.hash}.zip`));
    const current = {
      schema: 1,
      bundle: bundle.hash,
      environments: { x86_64: ENVIRONMENT },
      locust: { version: "2.47.0", locustfile: "locustfile.py" },
    };
    this.put("bundle/current.json", JSON.stringify(current, null, 2));
  }

  /** Scripts what the bucket says of a key: one status after the other, then what it holds. */
  answer(method: "GET" | "PUT", key: string, ...statuses: readonly (string | number)[]): void {
    this.write(`answers/${method}`, statuses.map((status) => `${key} ${status}\n`).join(""));
  }

  /** Leaves no room on the disk while something is there that the pattern matches, below the root. */
  fill(pattern: string): void {
    this.write("full", pattern);
  }

  /** Files and folders that were made sure to outlive a power cut, in their order. */
  synced(): string[] {
    return this.lines("synced").map((path) => path.slice(this.root.length + 1));
  }

  reboot(): void {
    rmSync(join(this.root, "run"), { recursive: true });
  }

  put(key: string, content: string | Uint8Array): void {
    this.write(`bucket/${key}`, content);
  }

  get(key: string): Buffer {
    return readFileSync(join(this.folder, "bucket", key));
  }

  /** The records that arrived in the bucket, oldest first. */
  sent(): BootRecord[] {
    const folder = join(this.folder, "sent");
    return readdirSync(folder)
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as BootRecord);
  }

  lastSent(): BootRecord {
    const record = this.sent().at(-1);
    if (!record) throw new Error("no record arrived");
    return record;
  }

  /** Commands that changed something or asked the bucket, in their order. */
  calls(): string[] {
    return this.lines("calls");
  }

  /** Everything that stood in a process list. */
  argumentsSeen(): string {
    return this.lines("arguments").join("\n");
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  forget(path: string): void {
    rmSync(join(this.root, path));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Result {
    const path = [join(__dirname, "stand-ins"), dirname(python), process.env["PATH"]].join(":");
    const machine = { MACHINE: this.folder, MACHINE_BUCKET: BUCKET_HOST, MACHINE_CPUS: "2" };
    const settings = { ROOT: this.root, IMDS: "http://imds.invalid", RETRY_SECONDS: "20" };
    return run("bash", command, { ...process.env, ...machine, ...settings, PATH: path, ...environment });
  }

  /** Puts a file into the archive of the environment, which becomes `site-packages`. */
  addToEnvironment(path: string, content: string): void {
    this.write(`site/${path}`, content);
    this.put(`env/${ENVIRONMENT}.tar.gz`, "");
    const archive = join(this.folder, "bucket/env", `${ENVIRONMENT}.tar.gz`);
    run("tar", ["-czf", archive, "-C", join(this.folder, "site"), "."]);
  }

  private fillBucket(): void {
    this.publish();
    this.put("secrets/master.json", JSON.stringify({ password: "PASSWORD" }));
    this.addToEnvironment("locust/__init__.py", "");
  }

  private lines(name: string): string[] {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  private write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }
}

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, parameters: readonly string[], env: NodeJS.ProcessEnv = process.env): Result {
  return spawnSync(command, parameters, { env, encoding: "utf8", timeout: 30_000 });
}
