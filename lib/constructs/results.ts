import { type LocalExecProvisioner, TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { ownProgram } from "../model/own-program";
import type { LocustMaster } from "./locust-master";
import { fromStackFolder } from "./stack-folder";
import type { Store } from "./store";
import { TerraformData } from "./terraform-data";

export interface ResultsProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly region: string;
  readonly store: Store;
  readonly master: LocustMaster;
  /** Page and API of the master. */
  readonly masterUrl: string;
  /** `results.bucket`, whose runs stay there. @default - the cluster's own bucket */
  readonly bucket?: string;
}

/**
 * Saves the runs before what holds them goes. To be made last: it depends on everything that its scope made before.
 *
 * Terraform destroys a resource before those that it depends on, and keeps these when its destroy-time provisioner fails:
 *
 * - `home` goes first when the cluster is destroyed. It ends the current run and saves all runs, or fails.
 * - `guard` goes before a master is replaced or resized, for whatever reason. It fails while a run is under way.
 *   When the cluster is destroyed, it comes after `home`, and finds no run.
 */
export class Results extends Construct {
  readonly guard: TerraformData;
  readonly home: TerraformData;

  constructor(scope: Construct, id: string, props: ResultsProps) {
    super(scope, id);
    const { cluster, region, store, master, masterUrl, bucket = "" } = props;
    const everything = scope.node.findAll().filter((each) => TerraformResource.isTerraformResource(each));
    const input = {
      ...{ cluster, region, bucket: store.bucket.id, master: masterUrl, results: bucket },
      instance: master.resource.id,
    };

    this.guard = new TerraformData(this, "guard", {
      input,
      triggersReplace: { master: master.resource.id, instanceType: master.output.instance_type },
      dependsOn: everything,
      provisioners: [this.keep("--replacing")],
    });
    this.home = new TerraformData(this, "home", {
      input,
      // Another bucket is another cluster: save the runs of the old one first.
      triggersReplace: { bucket: store.bucket.id },
      dependsOn: [...everything, this.guard],
      provisioners: [this.keep()],
    });
  }

  /** No value but those in the state, no secret and no path of this computer: it works from every clone. */
  private keep(...options: readonly string[]): LocalExecProvisioner {
    const words = ["cluster", "region", "bucket", "master", "results"].map(
      (name) => `--${name} '\${self.input.${name}}'`,
    );
    // A state that an older version wrote, and that was not deployed since, does not have it.
    const instance = `--instance '\${try(self.input.instance, "")}'`;
    return {
      type: "local-exec",
      when: "destroy",
      command: [`${ownProgram()} keep`, ...options, ...words, instance].join(" "),
      workingDir: fromStackFolder(TerraformStack.of(this), ""),
    };
  }
}
