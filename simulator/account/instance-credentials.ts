import { readFileSync } from "node:fs";
import { get } from "node:https";
import type { Account } from "./account";

/** What `iam/security-credentials/<role>` of the metadata service answers, and the role's name. */
export interface InstanceCredentials {
  readonly Role: string;
  readonly Code: "Success";
  readonly LastUpdated: string;
  readonly Type: "AWS-HMAC";
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  readonly Expiration: string;
}

/** A fresh session of the instance's role, or nothing when it has none that EC2 may assume. */
export function instanceCredentials(
  { url, certificate }: Account,
  instanceId: string,
): Promise<InstanceCredentials | undefined> {
  const address = `${url}/simulator/instances/${instanceId}/credentials`;
  return new Promise((resolve, reject) => {
    get(address, { ca: readFileSync(certificate) }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("error", reject).on("end", () => {
        resolve(response.statusCode === 200 ? (JSON.parse(body) as InstanceCredentials) : undefined);
      });
    }).on("error", reject);
  });
}
