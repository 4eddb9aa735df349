import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import type { Search } from "../../../../cli/deploy/leftovers/kind";

export const MARK = "local:ours";

/** An account that answers by the name of the command; what is not named is empty. */
export function search(
  answers: Readonly<Record<string, unknown>>,
  knowledge: Partial<Search["knowledge"]> = {},
): { search: Search; asked: string[] } {
  const asked: string[] = [];
  const send = (command: { constructor: { name: string }; input: unknown }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, "");
    asked.push(name);
    const answer = answers[name];
    return Promise.resolve(
      typeof answer === "function" ? (answer as (input: unknown) => unknown)(command.input) : (answer ?? {}),
    );
  };
  const clients = {
    autoScaling: new AutoScalingClient(),
    ec2: new EC2Client(),
    iam: new IAMClient(),
    s3: new S3Client(),
  };
  for (const client of Object.values(clients)) Object.assign(client, { send });
  return {
    asked,
    search: {
      ...clients,
      cluster: "shop",
      region: "us-east-1",
      keepRuns: true,
      knowledge: {
        marks: [MARK],
        fleets: false,
        buckets: ["shop-ours"],
        ids: new Set(),
        elsewhere: [],
        ...knowledge,
      },
      elsewhere: [],
      tell: () => undefined,
    },
  };
}

export const toTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
