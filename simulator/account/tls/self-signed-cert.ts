import { randomBytes } from "node:crypto";
import { createSelfSignedCertificate, identityForHost, identityFromDN, parsePrivateKey } from "sshpk";
import { input, output, type ResourceType, type ResourceState } from "./resource-type";

const strings = ["list", "string"] as const;

const subject = [
  "common_name",
  "country",
  "email_address",
  "locality",
  "organization",
  "organizational_unit",
  "postal_code",
  "province",
  "serial_number",
];

/** `tls_self_signed_cert` of hashicorp/tls 4.1, for host names only; what it cannot do it refuses. */
export const selfSignedCert: ResourceType = {
  version: 0,
  attributes: {
    private_key_pem: input({ required: true, sensitive: true }),
    validity_period_hours: input({ type: "number", required: true }),
    allowed_uses: input({ type: strings, required: true }),
    dns_names: input({ type: strings, optional: true }),
    ip_addresses: input({ type: strings, optional: true }),
    uris: input({ type: strings, optional: true }),
    early_renewal_hours: { type: "number", optional: true, computed: true, default: 0 },
    is_ca_certificate: input({ type: "bool", optional: true, computed: true, default: false }),
    set_subject_key_id: input({ type: "bool", optional: true, computed: true, default: false }),
    set_authority_key_id: input({ type: "bool", optional: true, computed: true, default: false }),
    cert_pem: output(),
    key_algorithm: output(),
    validity_start_time: output(),
    validity_end_time: output(),
    id: output(),
    ready_for_renewal: output({ type: "bool", default: false }),
  },
  blocks: {
    subject: {
      ...Object.fromEntries(subject.map((name) => [name, { optional: true } as const])),
      street_address: { type: strings, optional: true },
    },
  },
  create(planned) {
    refuseUnknown(planned);
    const key = parsePrivateKey(String(planned["private_key_pem"]), "pem");
    const seconds = Number(planned["validity_period_hours"]) * 3600;
    const validFrom = new Date(Math.floor(Date.now() / 1000) * 1000);
    const validUntil = new Date(validFrom.getTime() + seconds * 1000);
    const hosts = ((planned["dns_names"] ?? []) as string[]).map((name) => identityForHost(name));
    const purposes = ["signature", "identity", "serverAuth", ...(planned["is_ca_certificate"] ? ["ca"] : [])];
    const certificate = createSelfSignedCertificate([distinguishedName(planned), ...hosts], key, {
      lifetime: seconds,
      validFrom,
      validUntil,
      purposes,
    });
    return {
      ...planned,
      cert_pem: certificate.toString("pem"),
      key_algorithm: key.type.toUpperCase(),
      validity_start_time: isoSeconds(validFrom),
      validity_end_time: isoSeconds(validUntil),
      id: randomBytes(16).toString("hex"),
    };
  },
};

function distinguishedName(planned: ResourceState): ReturnType<typeof identityFromDN> {
  const [{ common_name: name, organization } = {} as ResourceState] = (planned["subject"] ??
    []) as ResourceState[];
  const parts = { CN: name, O: organization };
  const given = Object.entries(parts).filter(([, value]) => typeof value === "string");
  return identityFromDN(given.map(([key, value]) => `${key}=${String(value)}`).join(", "));
}

function refuseUnknown(planned: ResourceState): void {
  for (const name of ["ip_addresses", "uris"])
    if (((planned[name] ?? []) as unknown[]).length > 0)
      throw new Error(`the stand-in for hashicorp/tls cannot put '${name}' into a certificate`);
}

const isoSeconds = (date: Date): string => date.toISOString().replace(".000Z", "Z");
