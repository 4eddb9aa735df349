import type { RoleCredentials } from "./metadata-document";

/** EC2 renews an instance's keys a few minutes before they expire. */
const RENEW_BEFORE_MS = 5 * 60_000;

interface CredentialCacheOptions {
  /** Fresh keys of an instance's role from the account; undefined for an instance without a role. */
  readonly issue: (instanceId: string) => Promise<RoleCredentials | undefined>;
  /** For how long after the first question EC2 has not heard of a new role, in milliseconds. */
  readonly unknownMs: number;
}

/** Keeps the keys that were issued to instances until shortly before they expire, as EC2 does. */
export class CredentialCache {
  private readonly issued = new Map<string, Promise<RoleCredentials | undefined>>();
  private readonly firstAsked = new Map<string, number>();

  constructor(private readonly options: CredentialCacheOptions) {}

  /** Keys of an instance, undefined while there are none. */
  async of(instanceId: string): Promise<RoleCredentials | undefined> {
    const asked = this.firstAsked.get(instanceId) ?? Date.now();
    this.firstAsked.set(instanceId, asked);
    if (Date.now() - asked < this.options.unknownMs) return undefined;
    const known = await this.issued.get(instanceId);
    if (known && Date.parse(known.Expiration) - Date.now() > RENEW_BEFORE_MS) return known;
    const fresh = this.options.issue(instanceId);
    this.issued.set(instanceId, fresh);
    // A refusal counts for this question only; the next one asks again.
    fresh.catch(() => this.issued.delete(instanceId));
    return fresh;
  }
}
