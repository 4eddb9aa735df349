import { checkResultsBucket } from "../../../../cli/deploy/checks/results-bucket";
import { stubAws } from "../../../helpers/stub-aws";

const PROBE = "locust-cluster/us-east-1/shop/runs/probe";
const NEEDED =
  `whoever deploys needs s3:PutObject and s3:DeleteObject on team/${PROBE}, ` +
  "and kms:GenerateDataKey and kms:Decrypt where a key of your own encrypts the bucket";

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly region?: string;
}

let restore: () => void;
let answers: Readonly<Record<string, Answer>>;
let asked: string[];

beforeAll(async () => {
  restore = await stubAws((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://s3");
    asked.push(`${request.method} ${pathname}`);
    const { status, code, message, region } = answers[request.method ?? ""] ?? { status: 501 };
    if (region !== undefined) response.setHeader("x-amz-bucket-region", region);
    const body = code && `<Error><Code>${code}</Code><Message>${message ?? code}</Message></Error>`;
    request.resume().on("end", () => response.writeHead(status).end(body));
  });
});
afterAll(() => {
  restore();
});

async function check(put: Answer, remove: Answer = { status: 204 }): Promise<unknown> {
  asked = [];
  answers = { PUT: put, DELETE: remove };
  return checkResultsBucket("team", { region: "us-east-1", cluster: "shop" });
}

describe("checkResultsBucket", () => {
  test("writes where the master will write, and deletes that again", async () => {
    await expect(check({ status: 200 })).resolves.toBeUndefined();
    expect(asked.map((each) => each.replace("/team", ""))).toEqual([`PUT /${PROBE}`, `DELETE /${PROBE}`]);
  });

  test.each<[Answer, string, string]>([
    [
      { status: 301, code: "PermanentRedirect", region: "eu-west-1" },
      "'results.bucket' team is in eu-west-1, but the cluster is in us-east-1",
      "use a bucket in the region of the cluster",
    ],
    [
      { status: 400, code: "AuthorizationHeaderMalformed", region: "eu-west-1" },
      "'results.bucket' team is in eu-west-1, but the cluster is in us-east-1",
      "use a bucket in the region of the cluster",
    ],
    [
      { status: 404, code: "NoSuchBucket" },
      "'results.bucket' names team, which does not exist",
      "create it first, in the region of the cluster, or leave the setting out",
    ],
    [
      { status: 403, code: "AccessDenied", message: "not authorized to perform: kms:GenerateDataKey" },
      `'results.bucket' team: the probe object ${PROBE} could not be written: permission is missing (not authorized to perform: kms:GenerateDataKey)`,
      NEEDED,
    ],
  ])("refuses %j", async (put, message, hint) => {
    await expect(check(put)).rejects.toMatchObject({ message, hint });
  });

  test("says when the probe stays", async () => {
    await expect(
      check({ status: 200 }, { status: 403, code: "AccessDenied", message: "Access Denied" }),
    ).rejects.toMatchObject({
      message: `'results.bucket' team: the probe object ${PROBE} was written, but could not be deleted: permission is missing (Access Denied)`,
      hint: NEEDED,
    });
  });
});
