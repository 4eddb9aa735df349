import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { cpus } from "node:os";
import { join } from "node:path";
import { loadCluster } from "../../lib/model/config";
import { CERTIFICATE_HOST, type ClusterOutputs } from "../../lib/model/outputs";
import { projectRoot } from "../../lib/model/project";
import { ADDRESSES } from "../../simulator/namespace";
import { Simulation } from "../../simulator/simulation";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";
import { deployExample, type ExampleDeployment } from "./example-deployment";
import { report } from "./patience";
import { explained } from "./print-machines";

const FOLDER = join(projectRoot(), "examples");
const EXAMPLES = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "cluster.yaml")));

function configOf(example: string) {
  return loadCluster({ file: join(FOLDER, example, "cluster.yaml"), env: {} }).config;
}

/** Status of the page for a browser that is not logged in, and where it is sent. */
function openPage({ master_url, certificate }: ClusterOutputs): Promise<readonly [number?, string?]> {
  return new Promise((resolve, reject) => {
    const tls = { ca: certificate, servername: CERTIFICATE_HOST };
    const request = certificate ? getHttps(master_url, tls) : getHttp(master_url);
    request.once("error", reject);
    request.once("response", (answer) => {
      answer.resume();
      resolve([answer.statusCode, answer.headers.location]);
    });
  });
}

/** All of them at the same time, in one account, as teams would have them. */
describe("the examples on booted machines", () => {
  let simulation: Simulation | undefined;
  const scratch = makeScratch();
  const deployments = new Map<string, Promise<ExampleDeployment>>();

  beforeAll(async () => {
    const started = await Simulation.start({ onEvent: (line) => report(`simulator: ${line}`) });
    simulation = started;
    mkdirSync(join(projectRoot(), ".cache", "machine-tests"), { recursive: true });
    EXAMPLES.forEach((example, index) => {
      const deployment = deployExample({ simulation: started, example, index, scratch });
      // Its own test tells about it; until then Node need not worry.
      deployment.catch(() => undefined);
      deployments.set(example, deployment);
    });
  });

  afterAll(async () => {
    await Promise.allSettled(deployments.values());
    await simulation?.stop();
    removeScratch(scratch);
  });

  test.each(EXAMPLES)("%s deploys, its workers are connected and its page answers", async (example) => {
    const deployment = deployments.get(example);
    if (!deployment || !simulation) throw new Error("the simulation did not start");
    const prefix = `example-${EXAMPLES.indexOf(example)}-`;
    await explained(simulation, async () => check(example, await deployment), { prefix });
  });

  async function check(example: string, { cluster, deploy, outputs }: ExampleDeployment): Promise<void> {
    if (!simulation) throw new Error("the simulation did not start");
    const instanceOf = (name: string) => {
      const id = outputs.nodes.find((node) => node.name === name)?.instance_id;
      return simulation?.instances.find(({ instance }) => instance.id === id);
    };
    const processes = Math.min(instanceOf("worker-1")?.details?.vcpus ?? 0, cpus().length);
    expect(deploy.lines.join("\n")).toContain(`${processes} worker processes connected`);
    expect(await cluster.command(["status"])).toMatchObject({ code: 0 });
    expect(await openPage(outputs)).toEqual([302, expect.stringContaining("/login")]);

    // The page is open to those whom the example names, and to nobody else.
    const everybody = configOf(example).access.webCidrs.includes("0.0.0.0/0");
    const master = instanceOf("master")?.instance.privateIp ?? "";
    const stranger = simulation.sockets.connect(master, 8089, ADDRESSES.stranger).then(
      (socket) => void socket.destroy(),
      (error: Error) => error.message,
    );
    expect(await stranger).toEqual(everybody ? undefined : expect.stringContaining("ETIMEDOUT"));
  }
});
