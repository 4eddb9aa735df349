import { load } from "../load";
import { complaint } from "./complaint";

describe("network.cidr", () => {
  test.each([
    ["10.0.0.0", 'must be a private IPv4 block such as 10.77.0.0/16, got "10.0.0.0"'],
    ["10.77.1.0/16", 'must begin at the block\'s first address: write 10.77.0.0/16, got "10.77.1.0/16"'],
    [
      "10.0.0.0/15",
      'must be a block from /16 to /27: the master and one zone of workers need a subnet each, got "10.0.0.0/15"',
    ],
    [
      "10.0.0.0/28",
      'must be a block from /16 to /27: the master and one zone of workers need a subnet each, got "10.0.0.0/28"',
    ],
    [
      "8.8.0.0/16",
      'must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, got "8.8.0.0/16"',
    ],
  ])("%s", (cidr, message) => {
    expect(complaint(`network: { cidr: ${cidr} }`)).toBe(`cluster.yaml:1: 'network.cidr' ${message}`);
  });

  test("has room for the zones", () => {
    expect(() => load("network: { cidr: 10.0.0.0/26, zones: 3 }")).not.toThrow();
    expect(complaint("network: { cidr: 10.0.0.0/26, zones: 4 }")).toBe(
      "cluster.yaml:1: 'network.cidr' is too small for 'network.zones': 4, got \"10.0.0.0/26\"; take a larger block or fewer zones",
    );
  });

  test("has an address for every worker", () => {
    expect(() => load("network: { cidr: 10.0.0.0/25 }\nworkers: { count: 22 }")).not.toThrow();
    expect(complaint("network: { cidr: 10.0.0.0/25 }\nworkers: { count: 23 }")).toBe(
      "cluster.yaml:1: 'network.cidr' 10.0.0.0/25 over 2 zones has addresses for 22 workers, 'workers.count' is 23; take a larger block",
    );
  });
});
