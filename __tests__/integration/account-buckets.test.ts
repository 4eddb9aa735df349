import { readFileSync } from "node:fs";
import * as s3 from "@aws-sdk/client-s3";
import { type Api, apiOf } from "../../simulator/account/clients";
import { describeEmulated } from "../helpers/emulated-suite";
import { outcomeOf } from "../helpers/outcome";

const tags = (count: number): { Key: string; Value: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    Key: `key-${index}`,
    Value: "value",
  }));

/** What S3's reference says in prose: `simulator/account/refusals/s3.py` and `bucket_conflicts.py`. */
describeEmulated("a bucket of the emulated account", (suite) => {
  let api: Api;

  beforeAll(async () => {
    api = apiOf(suite().aws.account);
    for (const Bucket of ["store", "second-store"]) await api.s3.send(new s3.CreateBucketCommand({ Bucket }));
  });

  const create = (Bucket: string) => outcomeOf(api.s3.send(new s3.CreateBucketCommand({ Bucket })));
  const put = (Key: string, Tagging?: string) =>
    outcomeOf(api.s3.send(new s3.PutObjectCommand({ Bucket: "store", Key, Body: "x", Tagging })));
  const tag = (TagSet: { Key: string; Value: string }[]) =>
    outcomeOf(
      api.s3.send(
        new s3.PutBucketTaggingCommand({
          Bucket: "store",
          Tagging: { TagSet },
        }),
      ),
    );
  const policy = (size: number) => {
    const text = (Resource: string): string => {
      const Statement = [{ Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource }];
      return JSON.stringify({ Version: "2012-10-17", Statement });
    };
    const resource = "arn:aws:s3:::store/";
    const Policy = text(resource.padEnd(resource.length + size - text(resource).length, "r"));
    return outcomeOf(api.s3.send(new s3.PutBucketPolicyCommand({ Bucket: "store", Policy })));
  };

  test("has a name that AWS allows", async () => {
    for (const wrong of [
      "Store",
      "ab",
      "b".repeat(64),
      "a..b",
      "10.0.0.1",
      "xn--store",
      "store-s3alias",
      "store-",
    ])
      expect([wrong, await create(wrong)]).toEqual([wrong, "InvalidBucketName"]);
    for (const right of ["abc", "b".repeat(63), "a.b"]) expect(await create(right)).toBe("ok");
  });

  test("takes keys of 1,024 bytes", async () => {
    expect(await put("ü".repeat(513))).toBe("KeyTooLongError");
    expect(await put("ü".repeat(512))).toBe("ok");
  });

  test("takes tags that AWS allows", async () => {
    const list = (count: number) =>
      new URLSearchParams(Object.fromEntries(tags(count).map(({ Key, Value }) => [Key, Value])));
    expect(await put("tagged", list(11).toString())).toBe("BadRequest");
    expect(await put("tagged", list(10).toString())).toBe("ok");
    for (const Key of ["it's", "aws:team", "k".repeat(129)])
      expect(await tag([{ Key, Value: "" }])).toBe("InvalidTag");
    expect(await tag([{ Key: "team", Value: "v".repeat(257) }])).toBe("InvalidTag");
    expect(await tag([{ Key: "k".repeat(128), Value: "v".repeat(256) }])).toBe("ok");
    expect(await tag(tags(51))).toBe("BadRequest");
    expect(await tag(tags(50))).toBe("ok");
  });

  test("takes a policy of 20 KB", async () => {
    expect(await policy(20 * 1024 + 1)).toBe("MalformedPolicy");
    expect(await policy(20 * 1024)).toBe("ok");
  });

  describe("that is being configured", () => {
    const privacy = (Bucket: string) =>
      outcomeOf(
        api.s3.send(
          new s3.PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: { BlockPublicAcls: true },
          }),
        ),
      );
    const version = (Bucket: string) =>
      outcomeOf(
        api.s3.send(
          new s3.PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: { Status: "Suspended" },
          }),
        ),
      );
    const remove = (Bucket: string) => outcomeOf(api.s3.send(new s3.DeleteBucketCommand({ Bucket })));

    test("refuses a second configuration", async () => {
      const outcomes = await Promise.all([privacy("store"), version("store"), tag(tags(1)), policy(200)]);
      expect(outcomes.sort()).toEqual(["OperationAborted", "OperationAborted", "OperationAborted", "ok"]);
      expect(readFileSync(suite().aws.account.logFile, "utf8")).toContain("409 OperationAborted");
      expect((await Promise.all([privacy("second-store"), remove("second-store")])).sort()).toEqual([
        "OperationAborted",
        "ok",
      ]);
    });

    test("takes one after the other, objects at any time, and leaves other buckets alone", async () => {
      await create("third-store");
      for (const configure of [privacy, version]) expect(await configure("store")).toBe("ok");
      expect(await Promise.all([privacy("store"), privacy("third-store"), put("a")])).toEqual([
        "ok",
        "ok",
        "ok",
      ]);
    });
  });
});
