import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A home folder with AWS's files in it, as the AWS command line leaves them. */
export class FakeHome {
  constructor(
    readonly folder: string,
    config: string,
  ) {
    this.write("config", config);
  }

  /** Of a session that `aws sso login` began, an hour long. */
  ssoToken(session: string): void {
    const hash = createHash("sha1").update(session).digest("hex");
    this.write(`sso/cache/${hash}.json`, JSON.stringify({ accessToken: "sso", expiresAt: later(3600) }));
  }

  /** Of a session that `aws login` began; its keys expire after that time. */
  loginToken(session: string, seconds: number): void {
    const hash = createHash("sha256").update(session).digest("hex");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const accessToken = {
      accessKeyId: "ASIACACHED",
      secretAccessKey: "cached",
      sessionToken: "cached",
      accountId: "123456789012",
      expiresAt: later(seconds),
    };
    const dpopKey = privateKey.export({ type: "sec1", format: "pem" });
    const token = { accessToken, tokenType: "aws_sigv4", clientId: "cli", refreshToken: "refresh", dpopKey };
    this.write(`login/cache/${hash}.json`, JSON.stringify(token));
  }

  write(name: string, content: string): void {
    const file = join(this.folder, ".aws", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export function later(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
