import { type AddressInfo, createServer, type Server } from "node:net";
import { MemberReader } from "../../../cli/machines/member-reader";
import type { RunsClient } from "../../../test-runs/master/runs-client";
import { OUTPUTS, record } from "../recorded-cluster";
import { serveAws } from "../stub-aws";

const MASTER = { nodesOrError: () => Promise.resolve(new Error("no answer")) } as unknown as RunsClient;
const ABROAD = { ...record("i-abroad"), instance_id: "i-abroad", region: "eu-central-1" };
const KEY = "nodes/AROA:i-abroad.json";

/** Takes every connection, and says nothing. */
async function silence(): Promise<Server> {
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

describe("MemberReader", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test("does not wait for a region that is silent: what may have left there stays", async () => {
    const written = new Date().toISOString();
    const item = `<Contents><Key>${KEY}</Key><LastModified>${written}</LastModified><ETag>"1"</ETag><Size>300</Size></Contents>`;
    const { server, env } = await serveAws({
      GET: [
        { status: 200, body: `<ListBucketResult>${item}</ListBucketResult>` },
        { status: 200, body: JSON.stringify(ABROAD) },
      ],
    });
    const silent = await silence();
    const { port } = silent.address() as AddressInfo;
    Object.assign(process.env, env, { AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${port}` });
    const reader = new MemberReader(OUTPUTS, MASTER, 200);
    try {
      const { members, ledgerProblem } = await reader.look();
      expect(ledgerProblem).toBeUndefined();
      expect(members.map(({ instance_id, state }) => `${instance_id} ${state}`)).toContain("i-abroad ready");
    } finally {
      reader.close();
      server.close();
      silent.close();
    }
  });
});
