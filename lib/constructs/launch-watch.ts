import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { ownProgram } from "../model/own-program";
import type { Identity } from "./identity";
import { fromStackFolder } from "./stack-folder";
import { TerraformData } from "./terraform-data";

export interface LaunchWatchProps {
  /** Workers of the cluster. */
  readonly count: number;
  readonly instanceType: string;
  readonly region: string;
  readonly identity: Identity;
  /** Of the workers, in the order in which they take turns. */
  readonly zones: readonly string[];
  /** Resources that must exist before a worker can start. */
  readonly needs: readonly ITerraformDependable[];
}

/**
 * Says within two minutes when EC2 starts no more workers: the provider itself tries for three quarters of an hour without
 * a word (lib/model/max-retries.ts). It ends when all workers are there, and fails when none come for long: then, and when it was
 * interrupted, the next deploy has it again, as it has when workers change in number, type or zones.
 */
export class LaunchWatch extends Construct {
  constructor(scope: Construct, id: string, props: LaunchWatchProps) {
    super(scope, id);
    const { count, instanceType, region, identity, zones, needs } = props;
    const places = zones.join(",");
    const words = Object.entries({
      region,
      state: "${self.input.state}",
      count: String(count),
      zones: "${self.input.zones}",
      "instance-type": instanceType,
    }).map(([name, value]) => `--${name} '${value}'`);

    new TerraformData(this, "watch", {
      input: { state: identity.mark, zones: places },
      triggersReplace: { count: String(count), instanceType, zones: places },
      dependsOn: [...needs],
      provisioners: [
        {
          type: "local-exec",
          command: [ownProgram(), "watch-launches", ...words].join(" "),
          workingDir: fromStackFolder(TerraformStack.of(this), ""),
        },
      ],
    });
  }
}
