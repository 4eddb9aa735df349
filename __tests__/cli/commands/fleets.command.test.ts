import { StubMaster } from "../../helpers/stub-master";
import { answer, OUTPUTS } from "../recorded-cluster";
import { NO_RECORDS, StubDeployments } from "../stub-deployments";

/** `fleets` and `scale`, with a stub in the place of the master. */
jest.setTimeout(60_000);

const deployments = new StubDeployments();

const EU = {
  ...{ region: "eu-central-1", size: 0, max: 20, spot: true, idle: 600 },
  ...{ started: 6, problem: null, scaled: null },
};
let master: StubMaster;

beforeEach(async () => {
  master = await StubMaster.start(OUTPUTS.api_token);
  master.nodes = answer({});
  master.fleets = { eu: EU };
});

afterEach(() => {
  master.stop();
});

async function runOn(args: readonly string[]) {
  return deployments.deployed({ master_url: master.url }).run(args, await deployments.aws(NO_RECORDS));
}

test("'fleets' lists them", async () => {
  await expect(runOn(["fleets"])).resolves.toEqual({
    code: 0,
    stdout:
      "fleet  region        size  max  desired  ready  spot  activity\n" +
      "eu     eu-central-1     0   20        -      0  yes   6 booting\n",
    stderr: "",
  });
});

test("'fleets --json' has all that is known", async () => {
  const { code, stdout } = await runOn(["fleets", "--json"]);
  expect(JSON.parse(stdout)).toEqual({
    fleets: [{ name: "eu", ...EU, desired: null, ready: 0, draining: 0, failed: 0 }],
  });
  expect(code).toBe(0);
});

test("'fleets' says that there are none", async () => {
  master.fleets = {};
  await expect(runOn(["fleets"])).resolves.toEqual({
    code: 0,
    stdout: "",
    stderr: "cluster 'locust' has no fleets: name some in cluster.yaml, then 'npx locust-cluster deploy'\n",
  });
});

test("'scale' sets one", async () => {
  await expect(runOn(["scale", "eu", "10"])).resolves.toEqual({
    code: 0,
    stdout: "",
    stderr:
      "fleet eu: 10 machines for 10m, and longer if a run begins\n" +
      "see them with 'npx locust-cluster fleets'\n",
  });
  expect(master.asked).toEqual(["PUT /cluster/fleets/eu"]);
  expect(master.scaled).toEqual({ machines: 10 });
});

test.each([
  [["scale", "ue", "10"], "the cluster has no fleet 'ue': it has eu\n"],
  [["scale", "eu", "ten"], "<machines> must be a whole number of 0 or more, got 'ten'\n"],
])("%j is refused", async (args, stderr) => {
  await expect(runOn(args)).resolves.toEqual({ code: 2, stdout: "", stderr });
});

test.each([[["fleets"]], [["scale", "eu", "10"]]])("%j says that the master is older", async (args) => {
  master.fleets = undefined;
  await expect(runOn(args)).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr:
      "the master of cluster 'locust' runs an older version, which knows no fleets\n" +
      "bring it up to date with 'npx locust-cluster deploy'\n",
  });
});
