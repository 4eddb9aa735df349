import type { Notices } from "../../simulator/account/notices";
import { metadataTree, readMetadata, type RoleCredentials } from "../../simulator/metadata-document";
import type { Instance, InstanceDetails } from "../../simulator/instance";

const instance: Instance = {
  id: "i-1",
  state: "running",
  type: "c7i.large",
  imageId: "ami-1",
  architecture: "x86_64",
  region: "us-east-1",
  zone: "us-east-1a",
  account: "123456789012",
  privateIp: "10.77.1.4",
  hostname: "ip-10-77-1-4.ec2.internal",
  mac: "02:00:00:00:00:01",
  subnetId: "subnet-1",
  vpcId: "vpc-1",
  groupIds: ["sg-1"],
  keyName: "locust",
  spot: false,
  tokensRequired: true,
  tagsInMetadata: true,
  tags: { Name: "locust-worker-1", "locust-cluster-bucket": "bucket" },
  launchTime: "2026-11-21T00:00:00.000Z",
  transitionReason: "",
};
const details: InstanceDetails = {
  publicKey: "ssh-rsa AAAA",
  vcpus: 2,
  subnetCidr: "10.77.1.0/24",
  vpcCidr: "10.77.0.0/16",
  internetGateway: true,
  storageEndpoint: true,
};
const keys: RoleCredentials = {
  Role: "locust-worker",
  AccessKeyId: "ASIA",
  SecretAccessKey: "secret",
  Token: "token",
  LastUpdated: "2026-11-21T00:00:00Z",
  Expiration: "2026-11-21T06:00:00Z",
};

const ask = (
  path: string,
  changes: Partial<Instance> = {},
  credentials: RoleCredentials | undefined = keys,
  notices: Notices = {},
) =>
  readMetadata(
    metadataTree({ ...instance, ...changes }, details, credentials, notices),
    path.split("/").filter(Boolean),
  );

describe("the metadata of an instance", () => {
  test("a leaf is text, a branch the list of its names", () => {
    expect(ask("meta-data/instance-id")).toBe("i-1");
    expect(ask("meta-data/placement")).toBe("availability-zone\nregion");
    expect(ask("meta-data")).toContain("placement/");
    expect(ask("meta-data/nothing")).toBeUndefined();
  });

  test("the public key is listed with its name and read by its number", () => {
    expect(ask("meta-data/public-keys")).toBe("0=locust");
    expect(ask("meta-data/public-keys/0/openssh-key")).toBe("ssh-rsa AAAA");
  });

  test("tags are there only when the instance has them in its metadata", () => {
    expect(ask("meta-data/tags/instance/locust-cluster-bucket")).toBe("bucket");
    expect(ask("meta-data/tags/instance", { tagsInMetadata: false })).toBeUndefined();
  });

  test("a role has its keys under its name, and a role that EC2 does not know yet has no branch", () => {
    expect(ask("meta-data/iam/security-credentials")).toBe("locust-worker");
    expect(JSON.parse(ask("meta-data/iam/security-credentials/locust-worker") ?? "")).toMatchObject({
      Code: "Success",
      AccessKeyId: "ASIA",
      Expiration: "2026-11-21T06:00:00Z",
    });
    const unknown = metadataTree(instance, details, undefined);
    expect(readMetadata(unknown, ["meta-data", "iam", "security-credentials"])).toBeUndefined();
  });

  test("what AWS tells of the machine's end is there only when there is something to tell", () => {
    const action = '{"action": "terminate", "time": "2026-11-21T00:02:00Z"}';
    const state = { "autoscaling/target-lifecycle-state": "InService" };
    const notice = {
      ...state,
      "spot/instance-action": action,
      "spot/termination-time": "2026-11-21T00:02:00Z",
    };
    for (const path of ["autoscaling/target-lifecycle-state", "spot", "spot/instance-action", "events"])
      expect(ask(`meta-data/${path}`)).toBeUndefined();
    expect(ask("meta-data/spot/instance-action", {}, keys, state)).toBeUndefined();
    expect(ask("meta-data/autoscaling/target-lifecycle-state", {}, keys, state)).toBe("InService");
    expect(ask("meta-data/spot/instance-action", {}, keys, notice)).toBe(action);
    expect(ask("meta-data/spot", {}, keys, notice)).toBe("instance-action\ntermination-time");
    const rebalance = { "events/recommendations/rebalance": "{}" };
    expect(ask("meta-data/events/recommendations/rebalance", {}, keys, rebalance)).toBe("{}");
  });

  test("an instance on spot capacity knows that it is", () => {
    expect(ask("meta-data/instance-life-cycle")).toBe("on-demand");
    expect(ask("meta-data/instance-life-cycle", { spot: true })).toBe("spot");
  });

  test("the identity document says where the machine runs", () => {
    expect(JSON.parse(ask("dynamic/instance-identity/document") ?? "")).toMatchObject({
      region: "us-east-1",
      instanceId: "i-1",
      instanceType: "c7i.large",
    });
  });
});
