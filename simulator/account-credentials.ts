import { readFileSync } from "node:fs";
import { get } from "node:https";
import { text } from "node:stream/consumers";
import type { Account } from "./account/account";
import type { RoleCredentials } from "./metadata-document";

/** Asks the account for the keys of an instance's role, as EC2 does on the instance's behalf. */
export function askForCredentials(
  account: Pick<Account, "url" | "certificate">,
): (instanceId: string) => Promise<RoleCredentials | undefined> {
  const ca = readFileSync(account.certificate);
  return (instanceId) =>
    new Promise((resolve, reject) => {
      const request = get(
        `${account.url}/simulator/instances/${instanceId}/credentials`,
        { ca },
        (response) => {
          text(response).then((body) => {
            if (response.statusCode === 404) return resolve(undefined);
            if (response.statusCode === 200) return resolve(pick(JSON.parse(body) as RoleCredentials));
            reject(new Error(`the account answered ${response.statusCode} for the role of ${instanceId}`));
          }, reject);
        },
      );
      request.on("error", reject);
    });
}

function pick({
  Role,
  AccessKeyId,
  SecretAccessKey,
  Token,
  LastUpdated,
  Expiration,
}: RoleCredentials): RoleCredentials {
  return { Role, AccessKeyId, SecretAccessKey, Token, LastUpdated, Expiration };
}
