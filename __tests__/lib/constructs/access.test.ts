import { resource, resources, synth } from "../synth";

describe("Access", () => {
  test("registers an RSA key of 4096 bits with EC2", () => {
    const stack = synth("name: shop");
    expect(resource(stack, "tls_private_key.access_ssh-key")).toMatchObject({
      algorithm: "RSA",
      rsa_bits: 4096,
    });
    expect(resource(stack, "aws_key_pair.access_key-pair")).toMatchObject({
      key_name_prefix: "shop-",
      public_key: "${tls_private_key.access_ssh-key.public_key_openssh}",
    });
  });

  test("derives password, token and session key, all different, from a key that is used for nothing else", () => {
    const content = String(resource(synth(), "aws_s3_object.release_secret")["content"]);
    const derived = [...content.matchAll(/sha256\(join\(":", \["(\w+)", ([\w.-]+)\]\)\)/g)].map(
      ([, ...parts]) => parts,
    );
    const seed = "tls_private_key.access_seed.private_key_pem";
    expect(derived).toEqual([
      ["password", seed],
      ["token", seed],
      ["session", seed],
    ]);
  });

  test("never takes the secret mark off a value", () => {
    expect(JSON.stringify(synth("access: { https: true }"))).not.toContain("nonsensitive");
  });
});

describe("Certificate", () => {
  test("is made only for https", () => {
    expect(resources(synth(), "tls_self_signed_cert")).toEqual([]);
  });

  test("is for the fixed name that clients verify", () => {
    expect(
      resource(synth("access: { https: true }"), "tls_self_signed_cert.https_certificate"),
    ).toMatchObject({
      private_key_pem: "${tls_private_key.https_key.private_key_pem}",
      dns_names: ["master.locust-cluster.internal"],
      allowed_uses: expect.arrayContaining(["server_auth"]) as unknown,
    });
  });

  test("reaches the master in its secret; without https there is none", () => {
    const secret = (yaml: string): unknown =>
      resource(synth(yaml), "aws_s3_object.release_secret")["content"];
    expect(secret("")).toContain('"certificate" = null, "certificate_key" = null');
    expect(secret("access: { https: true }")).toContain(
      '"certificate" = tls_self_signed_cert.https_certificate.cert_pem, "certificate_key" = tls_private_key.https_key.private_key_pem',
    );
  });
});
