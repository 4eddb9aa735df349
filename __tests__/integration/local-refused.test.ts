import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import { freePort } from "../helpers/local-suite";
import { isReady, NpmStart, type Running, until } from "../helpers/npm-start";

jest.setTimeout(240_000);

let clone: NpmStart;

beforeAll(async () => {
  clone = await NpmStart.create();
});

afterAll(() => clone.stop());

describe("two local clusters that start together", () => {
  test("do not share a port, and each has its own workers", async () => {
    const { port } = clone;
    const folders = [clone.folder, clone.clone("second")];
    const pair = folders.map((folder) => clone.startIn(folder, port, "--workers", "1"));
    await until(() => pair.some(({ process }) => process.exitCode !== null));
    const refused = pair.findIndex(({ process }) => process.exitCode !== null);
    expect(pair[refused]!.said()).toMatch(
      new RegExp(`^port ${port} is in use by process \\d+ \\(.*locust-cluster.*\\): stop it, or choose`, "m"),
    );
    const otherPort = await freePort();
    const other = clone.startIn(folders[refused]!, otherPort, "--workers", "1");
    const both = [pair[1 - refused]!, other];
    await until(() => both.every(isReady));
    const workers = await Promise.all(
      [port, otherPort].map(async (each) => {
        const answer = await fetch(`http://127.0.0.1:${each}/cluster/nodes`);
        const { nodes: machines } = (await answer.json()) as ClusterNodes;
        return machines.flatMap(({ processes: found }) => found.map(({ pid }) => pid));
      }),
    );
    expect(workers.map(({ length }) => length)).toEqual([1, 1]);
    expect(workers[0]).not.toEqual(workers[1]);
    for (const { process } of both) process.kill("SIGTERM");
    await Promise.all(both.map(({ ended }) => ended));
  });
});

describe("a local cluster does not start", () => {
  const refused = async (running: Running): Promise<string> => {
    expect(await running.ended).toBe(2);
    expect(clone.processes()).toEqual([]);
    return running.said();
  };

  test("when its port is in use, and names the port and the option", async () => {
    const { port } = clone;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const said = await refused(clone.start());
    await new Promise((resolve) => server.close(resolve));
    expect(said).toContain(`port ${port} is in use by process ${process.pid} (`);
    expect(said).toContain("): stop it, or choose another port with --port\n");
  });

  test("with a test that cannot be loaded, and names the line", async () => {
    mkdirSync(join(clone.scratch, "test"));
    const broken = join(clone.scratch, "test", "broken.py");
    writeFileSync(broken, "import nosuchpackage\n");
    const said = await refused(clone.start("--workers", "1", "--locustfile", broken));
    expect(said).toMatch(
      /\n(master|worker-1) could not start \(exit code 1\): broken\.py:1: no module named 'nosuchpackage'; add its package to requirements\.txt beside the test, or nosuchpackage\.py to the test's folder\nits whole output is in \.cache\/local\/(master|worker-1)\.log\n$/,
    );
  });
});
