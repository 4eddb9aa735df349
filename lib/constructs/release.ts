import { createHash } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { S3Object, type S3ObjectConfig } from "@cdktf/provider-aws/lib/s3-object";
import { Fn, type ITerraformDependable, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { BUNDLES, ENVIRONMENTS, MANIFEST_KEY, MASTER_FILE_KEY } from "../../protocol/generated/constants";
import type { Manifest } from "../../protocol/generated/manifest";
import { writeBundle, type Bundle } from "../model/bundle";
import type { Access } from "./access";
import type { Certificate } from "./certificate";
import type { Preflight } from "./preflight";
import { fromStackFolder, stackFolder } from "./stack-folder";
import type { Store } from "./store";

export interface ReleaseProps {
  readonly store: Store;
  readonly preflight: Preflight;
  readonly bundle: Bundle;
  /** What `bundle/current.json` says. */
  readonly manifest: Manifest;
  readonly access: Access;
  /** @default - the page has no TLS */
  readonly certificate?: Certificate;
}

/** What the machines fetch from the bucket: environments, test and agent, the pointer to them, and the master's secret. */
export class Release extends Construct {
  /** Objects that every machine asks for. */
  readonly objects: readonly ITerraformDependable[];
  /** Only the master's role may read it. */
  readonly secret: S3Object;
  /** Name of the bundle's file. */
  readonly zip: string;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { store, preflight, bundle, manifest } = props;
    const stack = TerraformStack.of(this);
    const bucket = store.bucket.id;
    const dependsOn = [preflight.resource];

    const archives = Object.entries(manifest.environments).map(([architecture, name]) => {
      return new S3Object(this, `environment-${architecture.replaceAll("_", "-")}`, {
        ...CONTENT_ADDRESSED,
        bucket,
        key: `${ENVIRONMENTS}${name}.tar.gz`,
        source: fromStackFolder(stack, `.cache/environments/${name}.tar.gz`),
        dependsOn,
      });
    });
    const zip = new S3Object(this, "bundle", {
      ...CONTENT_ADDRESSED,
      bucket,
      key: `${BUNDLES}${bundle.hash}.zip`,
      source: zipOf(bundle),
      dependsOn,
    });
    this.zip = zipOf(bundle);
    addCustomSynthesis(this, { onSynthesize: () => writeZip(bundle, stackFolder(stack), zipsOf(stack)) });

    const content = JSON.stringify(manifest);
    const current = new S3Object(this, "current", {
      bucket,
      key: MANIFEST_KEY,
      // A text with quotes and `${` is no valid HCL as cdktf writes it (`cdktf synth --hcl`).
      contentBase64: Buffer.from(content).toString("base64"),
      contentType: "application/json",
      // Detects and overwrites later pushes.
      etag: createHash("md5").update(content).digest("hex"),
      overrideProvider: UNTAGGED,
      dependsOn: [...archives, zip],
    });
    this.secret = new S3Object(this, "secret", {
      bucket,
      key: MASTER_FILE_KEY,
      content: secretOf(props),
      contentType: "application/json",
      overrideProvider: UNTAGGED,
    });
    this.objects = [...archives, zip, current];
  }
}

/** S3 allows ten tags on an object, and the provider's default tags may be more. */
const UNTAGGED = { defaultTags: { tags: {} } };

/**
 * The name tells the content, so a changed source path means nothing; the new object is there before `current` names
 * it, and the old one goes last.
 */
const CONTENT_ADDRESSED = {
  lifecycle: { createBeforeDestroy: true, ignoreChanges: ["source"] },
  overrideProvider: UNTAGGED,
} satisfies Partial<S3ObjectConfig>;

function secretOf({ access, certificate }: ReleaseProps): string {
  return Fn.jsonencode({
    username: access.username,
    password: access.password,
    token: access.token,
    session_key: access.sessionKey,
    certificate: certificate?.certificate ?? null,
    certificate_key: certificate?.privateKey ?? null,
  });
}

/** Lies beside the synthesized configuration. */
function zipOf(bundle: Bundle): string {
  return `bundle-${bundle.hash}.zip`;
}

/** Of all clusters of a stack: they lie in one folder. */
function zipsOf(stack: TerraformStack): string[] {
  return stack.node.findAll().flatMap((each) => (each instanceof Release ? [each.zip] : []));
}

/** Writes the zip unless it is there. A bundle with a problem has none: `prepare` refuses it before anyone asks for it. */
function writeZip(bundle: Bundle, folder: string, wanted: readonly string[]): void {
  const name = zipOf(bundle);
  for (const file of readdirSync(folder)) {
    if (/^bundle-.*\.zip/.test(file) && !wanted.includes(file)) rmSync(join(folder, file));
  }
  if (bundle.problem !== undefined || existsSync(join(folder, name))) return;
  // Complete under its name or not at all, also when the computer is switched off meanwhile.
  writeBundle(bundle, join(folder, `${name}.part`));
  renameSync(join(folder, `${name}.part`), join(folder, name));
}
