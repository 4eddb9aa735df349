import { load } from "../load";
import { complaint } from "./complaint";

const FLEETS = "fleets: { eu: {}, us: {} }";

describe("shares", () => {
  test("are none by default", () => {
    expect(load(FLEETS).config.shares).toEqual({});
    expect(load(`${FLEETS}\nshares: {}`).config.shares).toEqual({});
  });

  test.each([
    ["{ eu: 60%, us: 40% }", { eu: "60%", us: "40%" }],
    ["{ eu: 100% }", { eu: "100%" }],
    ["{ eu: 33.33%, us: 33.3%, workers: 33.37% }", { eu: "33.33%", us: "33.3%", workers: "33.37%" }],
  ])("may be %s", (given, expected) => {
    expect(load(`${FLEETS}\nshares: ${given}`).config.shares).toEqual(expected);
  });

  test("can be set by a variable, all at once", () => {
    const { config } = load(FLEETS, { LOCUST_CLUSTER_SHARES: "{ eu: 1%, us: 99% }" });
    expect(config.shares).toEqual({ eu: "1%", us: "99%" });
  });

  test.each(["0%", "100.01%", "60", "0.6", "1.234%", "-1%", "60 %", "''"])("may not be %s", (share) => {
    const value = share === "60" || share === "0.6" ? share : `"${share.replaceAll("'", "")}"`;
    expect(complaint(`${FLEETS}\nshares: { eu: ${share} }`)).toBe(
      `cluster.yaml:2: 'shares.eu' must be a percentage above 0 and up to 100 with at most two decimals, such as 60%, got ${value}`,
    );
  });

  test.each([
    ["{ eu: 60%, us: 39.99% }", '99.99%, got {"eu":"60%","us":"39.99%"}'],
    ["{ eu: 60%, us: 40.5% }", '100.5%, got {"eu":"60%","us":"40.5%"}'],
  ])("must be 100%% together: %s", (given, told) => {
    expect(complaint(`${FLEETS}\nshares: ${given}`)).toBe(
      `cluster.yaml:2: 'shares' must be 100% together, not ${told}`,
    );
  });

  test("are a group", () => {
    expect(complaint(`${FLEETS}\nshares: 60%`)).toBe(
      "cluster.yaml:2: 'shares' must be a group of fleets with a percentage each, such as eu: 60%, got \"60%\"",
    );
  });

  test("are of fleets that are there", () => {
    expect(complaint(`${FLEETS}\nshares: { eu: 60%, asia: 40% }`)).toBe(
      "cluster.yaml:2: 'shares.asia' must be the share of one of eu, us, workers, got \"40%\" for 'asia', which is no fleet",
    );
    expect(complaint("shares: { eu: 100% }")).toBe(
      "cluster.yaml:1: 'shares.eu' must be the share of one of workers, got \"100%\" for 'eu', which is no fleet",
    );
  });
});
