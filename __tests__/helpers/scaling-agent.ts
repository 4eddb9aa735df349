import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Instance } from "@aws-sdk/client-ec2";
import { projectRoot } from "../../lib/model/project";
import type { FleetCapacity } from "../../protocol/generated/node-record";
import type { Account } from "../../simulator/account/account";
import { instanceCredentials } from "../../simulator/account/instance-credentials";
import { MetadataService } from "../../simulator/metadata-service";
import { foundTools } from "./found-tools";

/** What the agent service of a master does in its thread, once. The emulated account's authority is none of this system's. */
const LOOK_ONCE = `
import json, os, sys, time
from pathlib import Path
from locust_cluster.service import aws_client
from locust_cluster.service.groups import open_groups
from locust_cluster.service.scaling import Scaling
aws_client.SYSTEM_CERTIFICATES = Path(os.environ["AWS_CA_BUNDLE"])
folder = Path(sys.argv[1])
scaling = Scaling(folder / "current.json", folder, folder, open_groups)
scaling.look(time.monotonic(), time.time())
print(json.dumps(scaling.state))
`;

export interface AgentOptions {
  readonly account: Account;
  readonly scratch: string;
  /** It has nothing but its metadata service. */
  readonly instance: Instance;
  readonly manifest: string;
  /** What the agent before it has noted of runs. @default - nothing */
  readonly demands?: Readonly<Record<string, { readonly machines: number; readonly until: number | null }>>;
}

interface Look {
  /** What the machine's record says of each fleet. */
  readonly state: Readonly<Record<string, FleetCapacity>>;
  readonly log: string;
}

/** Lets the agent of an instance look after the fleets of a manifest, once. */
export async function lookAfterFleets(options: AgentOptions): Promise<Look> {
  const { account, scratch, instance, manifest, demands = {} } = options;
  const { InstanceId, Tags = [] } = instance;
  const folder = mkdtempSync(join(scratch, "agent-"));
  writeFileSync(join(folder, "current.json"), manifest);
  const noted = Object.entries(demands).map(([fleet, { machines, until }]) => {
    const need = { run: "", machines, since: 0, ends: null };
    return [fleet, { machines, need, asked_by: "", until }];
  });
  writeFileSync(join(folder, "demands.json"), JSON.stringify(Object.fromEntries(noted)));
  const { Role, ...keys } = (await instanceCredentials(account, InstanceId!))!;
  const tree = {
    "meta-data": {
      iam: { "security-credentials": { [Role]: JSON.stringify(keys) } },
      tags: { instance: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])) },
    },
  };
  const metadata = new MetadataService(() => Promise.resolve({ tokensRequired: true, tree }));
  const sockets = createServer();
  metadata.serve(sockets);
  await new Promise<void>((resolve) => sockets.listen(0, "127.0.0.1", resolve));
  try {
    const { stdout, stderr } = await promisify(execFile)(foundTools()!.python, ["-c", LOOK_ONCE, folder], {
      env: {
        PYTHONPATH: join(projectRoot(), "agent"),
        AWS_ENDPOINT_URL: account.url,
        AWS_CA_BUNDLE: account.certificate,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${(sockets.address() as AddressInfo).port}/`,
      },
    });
    return { state: JSON.parse(stdout) as Look["state"], log: stderr };
  } finally {
    metadata.close();
    sockets.close();
  }
}
