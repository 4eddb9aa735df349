import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Preflight } from "./preflight";

export interface AccessProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly preflight: Preflight;
}

/**
 * Keys to the cluster: the SSH key pair, and the password, token and session key of the page.
 *
 * All are made by Terraform and live in its state: who can read the state can enter the cluster.
 */
export class Access extends Construct {
  readonly keyPair: KeyPair;
  /** As SSH has it, for key pairs in other regions. */
  readonly publicKey: string;
  /** PEM. Sensitive. */
  readonly privateKey: string;
  readonly username = "locust";
  /** 20 hex digits. Sensitive. */
  readonly password: string;
  /** Bearer token for programs. Sensitive. */
  readonly token: string;
  /** Signs the sessions of the page; the same after a restart of the master. Sensitive. */
  readonly sessionKey: string;

  constructor(scope: Construct, id: string, { cluster, preflight }: AccessProps) {
    super(scope, id);
    const dependsOn = [preflight.resource];

    const ssh = new PrivateKey(this, "ssh-key", { algorithm: "RSA", rsaBits: 4096, dependsOn });
    this.privateKey = ssh.privateKeyPem;
    this.publicKey = ssh.publicKeyOpenssh;
    this.keyPair = new KeyPair(this, "key-pair", {
      keyNamePrefix: `${cluster}-`,
      publicKey: this.publicKey,
    });

    // A second key is the seed of all that is secret on the page: no further provider for random values.
    const seed = new PrivateKey(this, "seed", { algorithm: "ED25519", dependsOn });
    const derive = (purpose: string): string => Fn.sha256(Fn.join(":", [purpose, seed.privateKeyPem]));
    this.password = Fn.substr(derive("password"), 0, 20);
    this.token = derive("token");
    this.sessionKey = derive("session");
  }
}
