import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { awaitPage } from "../../../../cli/commands/run/await-page";
import { localClusterAt } from "./local-cluster";

test("waits for the page of a local cluster that is starting, and says so once", async () => {
  const server = createServer((_, response) => {
    response.end('{"status":"ok"}');
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  const cluster = localClusterAt(port);
  const said: string[] = [];
  setTimeout(() => server.listen(port, "127.0.0.1"), 600);
  await awaitPage(cluster, { line: (text?: string) => void said.push(text ?? "") });
  await expect(cluster.client.health()).resolves.toEqual({ status: "ok" });
  expect(said).toEqual(["the local cluster is starting; the run begins when it is ready …"]);
  cluster.client.close();
  server.closeAllConnections();
  server.close();
});
