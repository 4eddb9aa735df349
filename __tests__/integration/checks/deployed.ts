import type { Config } from "../../../lib/model/config";
import type { ClusterOutputs } from "../../../lib/model/outputs";
import type { Api } from "../../../simulator/account/clients";

/** A deployed cluster: what was asked for, what Terraform says, and the account itself. */
export interface Deployed {
  readonly config: Config;
  readonly outputs: ClusterOutputs;
  readonly api: Api;
  /** The clone that it was deployed from. */
  readonly folder: string;
}
