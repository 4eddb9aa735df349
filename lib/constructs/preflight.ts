import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { shellWord } from "../model/command-line";
import { ownProgram } from "../model/own-program";
import { fromStackFolder } from "./stack-folder";
import { TerraformData } from "./terraform-data";
import { literal } from "./literal";

export interface PreflightProps {
  /** Names of the environments and of the bundle: when one changes, it is prepared again. */
  readonly contents: readonly string[];
  /** Variables that lead `prepare` to the same configuration as this synthesis. */
  readonly environment: Readonly<Record<string, string>>;
  /** File with the settings, relative to the project's folder; variables count no more. @default - cluster.yaml */
  readonly settingsFile?: string;
}

/**
 * Checks the test and builds the Python environments on this computer, during apply and before anything is created.
 *
 * It runs at apply and not at synthesis, because destroying a cluster synthesizes too and must need neither Python nor
 * the test. Every resource of AWS depends on this, directly or by another.
 */
export class Preflight extends Construct {
  readonly resource: TerraformData;

  constructor(scope: Construct, id: string, { contents, environment, settingsFile }: PreflightProps) {
    super(scope, id);
    const settings = settingsFile === undefined ? [] : [`--settings ${shellWord(settingsFile)}`];

    this.resource = new TerraformData(this, "files", {
      triggersReplace: { contents: contents.join(" ") },
      provisioners: [
        {
          type: "local-exec",
          command: [ownProgram(), "prepare --by-terraform", ...settings].join(" "),
          workingDir: fromStackFolder(TerraformStack.of(this), ""),
          environment: Object.fromEntries(
            Object.entries(environment).map(([key, value]) => [key, toText(value, App.of(this).hclOutput)]),
          ),
        },
      ],
    });
  }
}

/**
 * The value as Terraform hands it on, unevaluated.
 *
 * In HCL cdktf takes a text that begins like a group or a list for an expression; a space in front means nothing in YAML.
 */
function toText(value: string, hcl: boolean): string {
  const text = literal(value).replace(/^(?=[[{"])/, " ");
  // cdktf 0.21 escapes no quotes in a text that holds `${`, and backslashes never (hcl/render.js).
  return hcl && text.includes("${") ? text.replace(/["\\]/g, "\\$&") : text;
}
