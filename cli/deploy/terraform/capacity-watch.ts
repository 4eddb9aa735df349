/** EC2's refusal in the body of an answer, as the provider logs it: all on one line. */
const REFUSAL = /<Code>InsufficientInstanceCapacity<\/Code>\s*<Message>([^<]*)<\/Message>/;

/** AWS's sentence (provider issue #15183 has it in full). */
const SENTENCE = /sufficient (\S+) capacity in the Availability Zone you requested \(([^)]+)\)/;

/**
 * Says that AWS has no capacity while Terraform still tries.
 *
 * The provider tries again for minutes (lib/model/max-retries.ts), and only its log of calls tells why.
 */
export class CapacityWatch {
  private rest = "";
  private readonly told = new Set<string>();

  constructor(private readonly warn: (sentence: string) => void) {}

  /** Takes a piece of the provider's log, whole lines or not. */
  push(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const sentence = REFUSAL.exec(line)?.[1];
      if (sentence !== undefined) this.tell(what(sentence));
    }
  }

  private tell(lacking: string): void {
    if (this.told.has(lacking)) return;
    this.told.add(lacking);
    this.warn(
      `AWS currently has no capacity for ${lacking} (InsufficientInstanceCapacity); Terraform keeps trying. ` +
        "Wait, or press Ctrl-C, choose another instanceType or region in cluster.yaml, and deploy again",
    );
  }
}

/** `c7g.large in us-east-1a`, or AWS's own words where it says it otherwise. */
function what(sentence: string): string {
  const [, type, zone] = SENTENCE.exec(sentence) ?? [];
  return type && zone ? `${type} in ${zone}` : `this request ("${sentence.trim()}")`;
}
