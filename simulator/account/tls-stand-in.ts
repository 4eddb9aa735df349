import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { startBackground } from "./background";

export interface TlsStandIn {
  /** Value for TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  readonly stop: () => Promise<void>;
}

/** Starts the stand-in for hashicorp/tls; a process of its own, since a synchronous call of Terraform would block it here. */
export async function startTlsStandIn(folder: string): Promise<TlsStandIn> {
  const { ready, stop } = await startBackground<object>({
    command: process.execPath,
    args: [
      "--require",
      "ts-node/register/transpile-only",
      join(projectRoot(), "simulator", "account", "tls-provider.ts"),
    ],
    env: { ...process.env, TS_NODE_PROJECT: join(projectRoot(), "tsconfig.json") },
    log: join(folder, "tls-provider.log"),
  });
  return { reattach: JSON.stringify(ready), stop };
}
