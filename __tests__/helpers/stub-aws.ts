import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Lets the AWS SDK ask a server of the test in place of AWS, until the function that it gives is called. */
export async function stubAws(answer: RequestListener): Promise<() => void> {
  const before = { ...process.env };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  return () => {
    process.env = before;
    server.closeAllConnections();
    server.close();
  };
}
