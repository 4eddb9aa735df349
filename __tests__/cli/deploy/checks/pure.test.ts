import { accessNotice } from "../../../../cli/deploy/checks/access-notice";
import {
  demandsIn,
  isStandard,
  neededVcpus,
  quotaProblem,
  settingsOf,
} from "../../../../cli/deploy/checks/quota";
import type { Config } from "../../../../lib/model/config";
import { load } from "../../../lib/model/load";

describe("vCPU quota", () => {
  const config = {
    region: "us-east-1",
    fleets: {},
    master: { instanceType: "t4g.small" },
    workers: { instanceType: "c7g.large", count: 3, environment: {} },
  };
  const vcpus = new Map([
    ["t4g.small", 2],
    ["c7g.large", 2],
    ["g5.xlarge", 4],
  ]);
  const needed = (changes: Partial<Config>, region = config.region, sizes = vcpus) =>
    neededVcpus(demandsIn({ ...config, ...changes }, region), sizes);

  test("counts master and workers", () => {
    expect(needed({})).toEqual({ onDemand: 8, spot: 0 });
  });

  test("counts what runs may ask of a fleet, of its largest type", () => {
    const { fleets } = load(
      "fleets: { eu: { max: 3, spot: true, instanceTypes: [c7g.large, c7g.xlarge] }, us: { max: 5 } }",
    ).config;
    const sizes = new Map([...vcpus, ["c7g.xlarge", 4] as const]);
    expect(needed({ fleets }, config.region, sizes)).toEqual({ onDemand: 18, spot: 12 });
  });

  test("counts in another region its fleets only", () => {
    const { fleets } = load(
      "fleets: { home: { max: 7 }, eu: { region: eu-west-1, max: 5 }, more: { region: eu-west-1, max: 2, spot: true } }",
    ).config;
    expect(needed({ fleets }, "eu-west-1")).toEqual({ onDemand: 10, spot: 4 });
    expect(needed({ fleets })).toEqual({ onDemand: 22, spot: 0 });
  });

  test("does not count families with a quota of their own", () => {
    const workers = { ...config.workers, instanceType: "g5.xlarge" };
    expect(needed({ workers })).toEqual({ onDemand: 2, spot: 0 });
  });

  test.each([
    "t4g.small",
    "c7g.large",
    "m5.large",
    "i3.large",
    "z1d.large",
    "a1.large",
    "im4gn.large",
    "r7iz.large",
  ])("%s is a standard type", (type) => {
    expect(isStandard(type)).toBe(true);
  });

  test.each([
    "g5.xlarge",
    "p4d.24xlarge",
    "x2idn.16xlarge",
    "inf2.xlarge",
    "dl1.24xlarge",
    "trn1.2xlarge",
    "hpc7g.4xlarge",
    "mac1.metal",
    "u-6tb1.metal",
    "vt1.3xlarge",
    "f1.2xlarge",
  ])("%s is not", (type) => {
    expect(isStandard(type)).toBe(false);
  });

  test("names the settings that ask for machines there", () => {
    const wide = load("fleets: { eu: { spot: true }, us: {}, west: { region: us-west-2 } }").config;
    const here = demandsIn(wide, "us-east-1");
    expect(settingsOf(here, "onDemand")).toEqual(["'workers.count'", "'fleets.us.max'"]);
    expect(settingsOf(here, "spot")).toEqual(["'fleets.eu.max'"]);
    expect(settingsOf(demandsIn(wide, "us-west-2"), "onDemand")).toEqual(["'fleets.west.max'"]);
  });

  const USE = { market: "onDemand", limit: 16, used: 8, needed: 8, settings: ["'workers.count'"] } as const;

  test("the last vCPU may be used", () => {
    expect(quotaProblem(USE, "us-east-1")).toBeUndefined();
  });

  test("one more is too many", () => {
    const settings = ["'workers.count'", "'fleets.eu.max'"];
    expect(quotaProblem({ ...USE, used: 9, settings }, "us-east-1")).toMatchObject({
      message: "the cluster needs 8 vCPUs, but 9 of the 16 that this account may run in us-east-1 are in use",
      hint: "lower 'workers.count' or 'fleets.eu.max', choose smaller types, or ask for more in us-east-1: https://console.aws.amazon.com/servicequotas (Running On-Demand Standard instances)",
    });
    const spot = { market: "spot", limit: 5, used: 0, needed: 8, settings: ["'fleets.eu.max'"] } as const;
    expect(quotaProblem(spot, "us-east-1")).toMatchObject({
      message:
        "the cluster needs 8 vCPUs on spot, but 0 of the 5 that this account may run on spot in us-east-1 are in use",
      hint: "lower 'fleets.eu.max', choose smaller types, or ask for more in us-east-1: https://console.aws.amazon.com/servicequotas (All Standard Spot Instance Requests)",
    });
  });
});

describe("accessNotice", () => {
  const access = {
    webCidrs: ["0.0.0.0/0"],
    sshCidrs: [],
    login: "generated" as const,
    https: false,
    hostNames: [],
  };

  test("tells how to close a page that is open to everyone", () => {
    expect(accessNotice({ access })).toBe(
      'anyone can reach the page (it asks for a login); to admit only your address, set access.webCidrs: ["<your address>/32"] ' +
        "in cluster.yaml. 'curl https://checkip.amazonaws.com' shows your address",
    );
  });

  test("claims no login where there is none", () => {
    expect(accessNotice({ access: { ...access, login: "none" } })).toMatch(/^anyone can reach the page; /);
  });

  test("is silent when the page is closed to the world", () => {
    expect(accessNotice({ access: { ...access, webCidrs: ["203.0.113.7/32"] } })).toBeUndefined();
  });
});
