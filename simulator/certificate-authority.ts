import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOnHost } from "./host-command";

/** A certificate with its key, both in PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** The authority that vouches for the endpoints of this simulation, and for nothing else. */
export interface CertificateAuthority {
  readonly certificate: string;
  /** Name under which OpenSSL looks for the certificate in a folder of trusted ones, e.g. `1a2b3c4d.0`. */
  readonly fileName: string;
  readonly endpoints: ServerCertificate;
}

/** Names of AWS's endpoints that the product may ask. A wildcard stands for one label. */
function endpointNames(region: string): string[] {
  return [
    "*.amazonaws.com",
    `*.${region}.amazonaws.com`,
    `s3.${region}.amazonaws.com`,
    `*.s3.${region}.amazonaws.com`,
    "*.s3.amazonaws.com",
    `*.s3.dualstack.${region}.amazonaws.com`,
  ];
}

/** Makes an authority and the endpoints' certificate in a folder of its own, valid for a few days. */
export async function createAuthority(
  folder: string,
  regions: readonly string[],
): Promise<CertificateAuthority> {
  const place = mkdtempSync(join(folder, "authority-"));
  const file = (name: string) => join(place, name);
  const openssl = (...args: string[]) => runOnHost("openssl", args);
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    await openssl(
      ...["req", "-x509", ...newKey, "-keyout", file("ca.key"), "-out", file("ca.pem"), "-days", "7"],
      ...["-subj", "/CN=Locust cluster simulator", "-addext", "keyUsage=critical,keyCertSign"],
    );
    await openssl(
      "req",
      ...newKey,
      "-keyout",
      file("leaf.key"),
      "-out",
      file("leaf.csr"),
      "-subj",
      "/CN=amazonaws.com",
    );
    const names = new Set(regions.flatMap(endpointNames).map((name) => `DNS:${name}`));
    writeFileSync(file("leaf.ext"), `subjectAltName=${[...names].join(",")}\nextendedKeyUsage=serverAuth\n`);
    await openssl(
      ...[
        "x509",
        "-req",
        "-in",
        file("leaf.csr"),
        "-CA",
        file("ca.pem"),
        "-CAkey",
        file("ca.key"),
        "-CAcreateserial",
      ],
      ...["-days", "7", "-extfile", file("leaf.ext"), "-out", file("leaf.pem")],
    );
    const read = (name: string) => readFileSync(file(name), "utf8");
    const hash = await openssl("x509", "-in", file("ca.pem"), "-noout", "-subject_hash");
    return {
      certificate: read("ca.pem"),
      fileName: `${hash.trim()}.0`,
      endpoints: { certificate: read("leaf.pem"), key: read("leaf.key") },
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
