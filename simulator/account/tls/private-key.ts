import { createHash, generateKeyPairSync } from "node:crypto";
import { parsePrivateKey } from "sshpk";
import { input, output, type ResourceType } from "./resource-type";

const publicKeyEncoding = { type: "spki", format: "pem" } as const;
const privateKeyEncoding = { type: "pkcs8", format: "pem" } as const;

/** `tls_private_key` of hashicorp/tls 4.1: the same schema, keys made by Node. */
export const privateKey: ResourceType = {
  version: 1,
  attributes: {
    algorithm: input({ required: true }),
    rsa_bits: input({ type: "number", optional: true, computed: true, default: 2048 }),
    ecdsa_curve: input({ optional: true, computed: true, default: "P224" }),
    private_key_pem: output({ sensitive: true }),
    private_key_openssh: output({ sensitive: true }),
    private_key_pem_pkcs8: output({ sensitive: true }),
    public_key_pem: output(),
    public_key_openssh: output(),
    public_key_fingerprint_md5: output(),
    public_key_fingerprint_sha256: output(),
    id: output(),
  },
  create(planned) {
    const algorithm = String(planned["algorithm"]);
    const pair = generate(algorithm, Number(planned["rsa_bits"]), String(planned["ecdsa_curve"]));
    const key = parsePrivateKey(pair.privateKey, "pem");
    key.comment = "";
    const publicKey = key.toPublic();
    publicKey.comment = "";
    return {
      ...planned,
      private_key_pem_pkcs8: pair.privateKey,
      private_key_openssh: key.toString("ssh-private"),
      private_key_pem: algorithm === "ED25519" ? pair.privateKey : key.toString("pkcs1"),
      public_key_pem: pair.publicKey,
      public_key_openssh: `${publicKey.toString("ssh").trim()}\n`,
      public_key_fingerprint_md5: publicKey.fingerprint("md5").toString("hex").replace(/^MD5:/, ""),
      public_key_fingerprint_sha256: publicKey.fingerprint("sha256").toString("base64"),
      id: createHash("sha1").update(pair.publicKey).digest("hex"),
    };
  },
};

function generate(algorithm: string, bits: number, curve: string): { publicKey: string; privateKey: string } {
  if (algorithm === "RSA")
    return generateKeyPairSync("rsa", { modulusLength: bits, publicKeyEncoding, privateKeyEncoding });
  if (algorithm === "ED25519")
    return generateKeyPairSync("ed25519", { publicKeyEncoding, privateKeyEncoding });
  if (algorithm === "ECDSA") {
    const namedCurve = curve.replace(/^P/, "P-");
    return generateKeyPairSync("ec", { namedCurve, publicKeyEncoding, privateKeyEncoding });
  }
  throw new Error(`algorithm must be RSA, ECDSA or ED25519, got ${algorithm}`);
}
