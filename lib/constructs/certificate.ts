import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { SelfSignedCert } from "@cdktf/provider-tls/lib/self-signed-cert";
import { Construct } from "constructs";
import { CERTIFICATE_HOST } from "../model/outputs";
import type { Preflight } from "./preflight";

export interface CertificateProps {
  readonly preflight: Preflight;
}

const YEARS = 10;

/**
 * The certificate that the page is served with, for a fixed name: the address is not known before the machine is.
 *
 * Programs verify it against itself and that name; a browser warns once.
 */
export class Certificate extends Construct {
  readonly certificate: string;
  /** PEM. Sensitive. */
  readonly privateKey: string;

  constructor(scope: Construct, id: string, { preflight }: CertificateProps) {
    super(scope, id);

    const key = new PrivateKey(this, "key", {
      algorithm: "ECDSA",
      ecdsaCurve: "P256",
      dependsOn: [preflight.resource],
    });
    this.privateKey = key.privateKeyPem;
    this.certificate = new SelfSignedCert(this, "certificate", {
      privateKeyPem: key.privateKeyPem,
      subject: [{ commonName: CERTIFICATE_HOST }],
      dnsNames: [CERTIFICATE_HOST],
      isCaCertificate: true,
      allowedUses: ["digital_signature", "key_encipherment", "cert_signing", "server_auth"],
      validityPeriodHours: YEARS * 365 * 24,
    }).certPem;
  }
}
