import { BucketSource, bucketSources } from "../../../test-runs/sources/bucket-source";
import { OUTPUTS } from "../../cli/recorded-cluster";
import { run } from "../recorded-run";
import { stubAws } from "../../helpers/stub-aws";

const ID = run().id;

let restore: () => void;
let asked: string[];
/** Files of the run by name; listed one a page. */
let objects: Readonly<Record<string, string>> = {};
/** Status and body of the run's run.json. */
let file: readonly [number, string];

beforeAll(async () => {
  restore = await stubAws(({ url = "", headers }, response) => {
    asked.push(decodeURIComponent(url));
    const { searchParams, pathname } = new URL(url, "http://bucket");
    const prefix = searchParams.get("prefix");
    const object = objects[pathname.split("/").at(-1)!];
    if (object !== undefined) {
      const from = Number(/bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
      return response.end(object.slice(from));
    }
    if (prefix !== null && searchParams.get("delimiter") === null) return response.end(page(searchParams));
    if (prefix === null) return response.writeHead(file[0]).end(file[1]);
    const found = `<CommonPrefixes><Prefix>${prefix}${ID}/</Prefix></CommonPrefixes>`;
    return response.end(`<ListBucketResult><Name>${pathname}</Name>${found}</ListBucketResult>`);
  });
});
beforeEach(() => {
  asked = [];
  objects = {};
});
afterAll(() => {
  restore();
});

/** One object, and where the next page begins. */
function page(asked: URLSearchParams): string {
  const index = Number(asked.get("continuation-token") ?? 0);
  const [name, content] = Object.entries(objects)[index]!;
  const more = index + 1 < Object.keys(objects).length;
  const next = more ? `<NextContinuationToken>${index + 1}</NextContinuationToken>` : "";
  const object = `<Key>runs/${ID}/${name}</Key><Size>${content.length}</Size>`;
  return `<ListBucketResult>${next}<Contents>${object}<LastModified>2026-11-21T12:00:00.000Z</LastModified></Contents></ListBucketResult>`;
}

async function list(source: BucketSource): Promise<readonly string[]> {
  try {
    return (await source.list()).map(({ id }) => id);
  } finally {
    source.close();
  }
}

const failure = (code: string): string => `<Error><Code>${code}</Code><Message>no</Message></Error>`;
const own = () => new BucketSource({ bucket: "shop", region: "us-east-1" });

async function read(source: BucketSource, name: string, from: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await source.open(ID, name, from)) chunks.push(chunk as Buffer);
  source.close();
  return Buffer.concat(chunks).toString();
}

describe("BucketSource", () => {
  test("shows a file that was cut because it grew as one, over all pages of the list", async () => {
    objects = { "timeline.csv": "abcd", "timeline.csv.000001": "efgh", "timeline.csv.000002": "i" };
    const source = own();
    const [file, ...others] = await source.files(ID);
    expect([file!.name, file!.bytes, others]).toEqual(["timeline.csv", 9, []]);
    await expect(read(source, "timeline.csv", 6)).resolves.toBe("ghi");
  });

  test("finds the runs of the cluster's own bucket", async () => {
    file = [200, JSON.stringify(run())];
    await expect(list(own())).resolves.toEqual([ID]);
    expect(asked.at(-1)).toMatch(`/shop/runs/${ID}/run.json`);
  });

  test("finds those in the bucket of 'results.bucket', in the cluster's own folder", async () => {
    file = [200, JSON.stringify(run())];
    const [first, second] = bucketSources({ ...OUTPUTS, results_bucket: "team" });
    first!.close();
    await expect(list(second!)).resolves.toEqual([ID]);
    expect(asked.at(-1)).toMatch(`/team/locust-cluster/us-east-1/locust/runs/${ID}/run.json`);
  });

  test("passes over a run whose run.json has not arrived", async () => {
    file = [404, failure("NoSuchKey")];
    await expect(list(own())).resolves.toEqual([]);
  });

  test("does not take a run that it may not read for one that is not there", async () => {
    file = [403, failure("AccessDenied")];
    await expect(list(own())).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
