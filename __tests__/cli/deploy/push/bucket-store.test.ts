import { text } from "node:stream/consumers";
import { BucketStore } from "../../../../cli/deploy/push/bucket-store";
import { stubAws } from "../../../helpers/stub-aws";

const KEY = "bundle/current.json";

/** One object, which is written under the condition of its tag only, as S3 does it. */
let object: { content: string; version: number };
/** Called when something was written, before it is answered. */
let onWritten: (() => "answer" | "hang up") | undefined;
/** Called before a condition is looked at. */
let onPut: (() => void) | undefined;
let restore: () => void;

const tag = () => `"version-${object.version}"`;

beforeAll(async () => {
  restore = await stubAws((request, response) => {
    void (async () => {
      const body = await text(request);
      if (request.method === "GET") return response.setHeader("ETag", tag()).end(object.content);
      onPut?.();
      const condition = request.headers["if-match"];
      if (condition !== undefined && condition !== tag())
        return response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
      object = { content: body, version: object.version + 1 };
      return onWritten?.() === "hang up" ? response.destroy() : response.end();
    })();
  });
});

let store: BucketStore;
beforeEach(() => {
  object = { content: "old", version: 1 };
  onPut = onWritten = undefined;
  store = new BucketStore("bucket", "us-east-1");
});
afterEach(() => {
  store.close();
});
afterAll(() => {
  restore();
});

describe("BucketStore.replace", () => {
  test("puts an object in the place of the one that was read", async () => {
    const read = await store.get(KEY);
    expect(read.content).toBe("old");
    await expect(store.replace(KEY, "new", read.tag)).resolves.toBe(true);
    expect(object.content).toBe("new");
  });

  test("leaves another's version alone, and says so", async () => {
    const { tag } = await store.get(KEY);
    onPut = () => {
      object = { content: "another's", version: 7 };
    };
    await expect(store.replace(KEY, "new", tag)).resolves.toBe(false);
    expect(object.content).toBe("another's");
  });

  test("knows its own version again when the answer to the first attempt was lost", async () => {
    const { tag } = await store.get(KEY);
    onWritten = () => "hang up";
    await expect(store.replace(KEY, "new", tag)).resolves.toBe(true);
    expect(object).toEqual({ content: "new", version: 2 });
  });
});
