import { mkdirSync } from "node:fs";
import { cleanEnvironment } from "../../lib/model/clean-environment";
import { type Account, type AccountOptions, startAccount } from "./account";
import { findMotoPython } from "./moto-python";
import {
  describeTerraform,
  findTerraform,
  type Terraform,
  writeCliConfiguration,
} from "./terraform-installation";
import { startTlsStandIn } from "./tls-stand-in";

/** What an emulated deployment needs of the machine that it runs on. */
export interface Tools {
  readonly python: string;
  readonly terraform: Terraform;
}

/** Finds the tools, or says in a sentence each which one is missing. */
export async function findTools(): Promise<Tools | { readonly missing: readonly string[] }> {
  const python = findMotoPython();
  const terraform = await findTerraform();
  if (python && !("missing" in terraform)) return { python, terraform };
  return {
    missing: [
      ...("missing" in terraform ? terraform.missing : []),
      ...(python
        ? []
        : ["no Python with 'moto[server]' found: run 'npm test' once, which installs it into .venv-dev"]),
    ],
  };
}

/** An account, Terraform's plugins, and the environment that leads every command to them and to nothing else. */
export interface EmulatedAws {
  readonly account: Account;
  /** Complete environment for `cdktf`, `terraform` and `locust-cluster`. */
  readonly environment: NodeJS.ProcessEnv;
  /** One line: which Terraform, which plugins and where from. */
  readonly description: string;
  readonly stop: () => Promise<void>;
}

export async function startEmulatedAws(
  { python, terraform }: Tools,
  options: Omit<AccountOptions, "python">,
): Promise<EmulatedAws> {
  mkdirSync(options.folder, { recursive: true });
  const account = await startAccount({ python, ...options });
  try {
    const tls = terraform.tls === "stand-in" ? await startTlsStandIn(options.folder) : undefined;
    return {
      account,
      environment: {
        ...cleanEnvironment(),
        ...account.environment,
        TF_CLI_CONFIG_FILE: writeCliConfiguration(terraform, options.folder),
        ...(tls && { TF_REATTACH_PROVIDERS: tls.reattach }),
        TF_IN_AUTOMATION: "1",
        // cdktf asks its maker for news and reports crashes; Terraform asks for a newer self.
        CHECKPOINT_DISABLE: "1",
        DISABLE_VERSION_CHECK: "1",
        // Terraform's plugin cache, which cdktf puts into the user's home, is not made for two at a time.
        CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
      },
      description: describeTerraform(terraform),
      stop: async () => {
        await tls?.stop();
        await account.stop();
      },
    };
  } catch (error) {
    await account.stop();
    throw error;
  }
}
