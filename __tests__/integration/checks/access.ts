import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeInstancesCommand, DescribeKeyPairsCommand } from "@aws-sdk/client-ec2";
import type { Deployed } from "./deployed";

export function checkAccess(deployed: () => Deployed): void {
  test("the private key of the outputs is the one of the key pair that every machine knows", async () => {
    const { api, outputs } = deployed();
    const { KeyPairs = [] } = await api.ec2.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }));
    const publicKey = publicKeyOf(outputs.private_key);
    const registered = KeyPairs.filter(({ PublicKey }) => sameKey(PublicKey, publicKey));
    expect(registered).toHaveLength(1);
    const InstanceIds = outputs.nodes.map(({ instance_id }) => instance_id);
    const { Reservations = [] } = await api.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    const names = Reservations.flatMap(({ Instances = [] }) => Instances).map(({ KeyName }) => KeyName);
    expect(new Set(names)).toEqual(new Set([registered[0]?.KeyName]));
  });

  test("the key is RSA with 4096 bits", () => {
    const [type, blob = ""] = publicKeyOf(deployed().outputs.private_key).split(" ");
    expect(type).toBe("ssh-rsa");
    expect(Buffer.from(blob, "base64").length).toBeGreaterThan(4096 / 8);
  });
}

/** What OpenSSH itself says belongs to the private key. */
function publicKeyOf(privateKey: string): string {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-key-"));
  try {
    const file = join(folder, "key.pem");
    writeFileSync(file, privateKey, { mode: 0o600 });
    return execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sameKey = (one: string | undefined, other: string): boolean =>
  one?.split(" ").slice(0, 2).join(" ").trim() === other.split(" ").slice(0, 2).join(" ").trim();
