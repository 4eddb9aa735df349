import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkResultsBucket } from "../../../cli/checks/results-bucket";

let server: Server;
let answer: { readonly status: number; readonly region?: string };
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((_request, response) => {
    const headers = answer.region === undefined ? {} : { "x-amz-bucket-region": answer.region };
    response.writeHead(answer.status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "test",
  });
});
afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

function check(status: number, region?: string): Promise<void> {
  answer = { status, region };
  return checkResultsBucket("team", "us-east-1");
}

describe("checkResultsBucket", () => {
  test("takes a bucket in the region of the cluster", async () => {
    await expect(check(200, "us-east-1")).resolves.toBeUndefined();
  });

  test.each([
    [200, "eu-west-1", "'results.bucket' team lies in eu-west-1, and the cluster in us-east-1"],
    [301, "eu-west-1", "'results.bucket' team lies in eu-west-1, and the cluster in us-east-1"],
    [404, undefined, "'results.bucket' names team, and there is no such bucket"],
    [403, undefined, "'results.bucket' team cannot be used: permission is missing"],
  ])("refuses an answer of %i from %s", async (status, region, message) => {
    await expect(check(status, region)).rejects.toThrow(message);
  });
});
