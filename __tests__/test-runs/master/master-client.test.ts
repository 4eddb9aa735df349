import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { Socket, type AddressInfo } from "node:net";
import { createSelfSignedCertificate, identityForHost, parsePrivateKey } from "sshpk";
import { CERTIFICATE_HOST } from "../../../lib/model/outputs";
import { MasterClient, type MasterClientOptions } from "../../../test-runs/master/master-client";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

async function ask(options: MasterClientOptions) {
  const client = new MasterClient(options);
  try {
    return await client.health();
  } finally {
    client.close();
  }
}

function certificateFor(host: string): { key: string; cert: string } {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const cert = createSelfSignedCertificate(identityForHost(host), parsePrivateKey(key)).toString("pem");
  return { key, cert };
}

describe("MasterClient", () => {
  test("reads JSON and sends the token", async () => {
    let asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked = [request.method, request.url, request.headers.authorization];
      response.end('{"status":"ok"}');
    });
    await expect(ask({ url, token: "secret" })).resolves.toEqual({ status: "ok" });
    expect(asked).toEqual(["GET", "/cluster/health", "Bearer secret"]);
  });

  test("tells the status and the master's own sentence", async () => {
    const url = await serve((_, response) => {
      response.writeHead(401).end('{"error":{"code":"unauthorized","message":"log in first"}}');
    });
    await expect(ask({ url })).rejects.toMatchObject({
      name: "MasterStatusError",
      status: 401,
      message: `GET ${url}/cluster/health answered 401: log in first`,
    });
  });

  test("does not take a page for an answer", async () => {
    const url = await serve((_, response) => {
      response.end("<html>");
    });
    await expect(ask({ url })).rejects.toMatchObject({
      name: "MasterStatusError",
      message: `GET ${url}/cluster/health answered 200: not JSON`,
    });
  });

  test("gives up on a master that does not answer", async () => {
    const url = await serve(() => undefined);
    await expect(ask({ url, timeoutMs: 50 })).rejects.toMatchObject({
      name: "MasterTimeoutError",
      message: `GET ${url}/cluster/health got no answer within 0.05 s`,
    });
  });

  test("does not take a machine that lets nobody connect for a slow one", async () => {
    const connect = jest.spyOn(Socket.prototype, "connect").mockImplementation(function connect(
      this: Socket,
    ) {
      return Object.assign(this, { connecting: true });
    });
    await expect(ask({ url: "http://127.0.0.1:9", timeoutMs: 50 })).rejects.toMatchObject({
      name: "MasterUnreachableError",
      message: "GET http://127.0.0.1:9/cluster/health failed: ETIMEDOUT",
    });
    connect.mockRestore();
  });

  test("gives up on a master that never ends its answer", async () => {
    const url = await serve((_, response) => {
      response.write("{");
    });
    await expect(ask({ url, timeoutMs: 100 })).rejects.toMatchObject({ name: "MasterTimeoutError" });
  });

  test("takes no answer of another local cluster", async () => {
    let meant: unknown;
    const url = await serve((request, response) => {
      meant = request.headers["x-locust-cluster"];
      response.setHeader("X-Locust-Cluster", "theirs").end('{"status":"ok"}');
    });
    await expect(ask({ url, clusterId: "theirs" })).resolves.toEqual({ status: "ok" });
    await expect(ask({ url, clusterId: "ours" })).rejects.toThrow(
      `GET ${url}/cluster/health failed: another program answers there`,
    );
    expect(meant).toBe("ours");
  });

  test("tells when nobody listens", async () => {
    const url = await serve(() => undefined);
    servers.splice(0)[0]!.close();
    await expect(ask({ url })).rejects.toMatchObject({
      name: "MasterUnreachableError",
      message: `GET ${url}/cluster/health failed: ECONNREFUSED`,
    });
  });

  describe("over https", () => {
    const good = certificateFor(CERTIFICATE_HOST);
    const secure = async ({ key, cert }: { key: string; cert: string }) => {
      const server = createSecureServer({ key, cert }, (_, response) => {
        response.end('{"status":"ok"}');
      });
      return `https://127.0.0.1:${await listen(server)}`;
    };

    test("trusts the cluster's own certificate, whatever the address", async () => {
      await expect(ask({ url: await secure(good), certificate: good.cert })).resolves.toEqual({
        status: "ok",
      });
    });

    test("refuses another certificate", async () => {
      const url = await secure(certificateFor(CERTIFICATE_HOST));
      await expect(ask({ url, certificate: good.cert })).rejects.toMatchObject({
        name: "MasterUnreachableError",
      });
    });

    test("refuses a certificate of another name, even a trusted one", async () => {
      const other = certificateFor("elsewhere.example");
      await expect(ask({ url: await secure(other), certificate: other.cert })).rejects.toThrow(
        "ERR_TLS_CERT_ALTNAME_INVALID",
      );
    });
  });
});
