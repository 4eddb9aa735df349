import { fleetRegionsOf, fleetsIn } from "../../../../lib/model/config";
import { load } from "../load";
import { complaint } from "./complaint";

const eu = "fleets: { eu: { region: eu-central-1 } }";

describe("regions of fleets", () => {
  test("have a block of their own each, which no other region of the cluster changes", () => {
    const of = (yaml: string) => fleetRegionsOf(load(yaml).config);
    const [frankfurt] = of(eu);
    expect(frankfurt).toMatchObject({ region: "eu-central-1", cidr: "10.97.0.0/16", imageId: undefined });
    expect(of(`fleets: { eu: { region: eu-central-1 }, asia: { region: ap-south-1 } }`)).toEqual([
      expect.objectContaining({ region: "ap-south-1", cidr: "10.84.0.0/16" }),
      frankfurt,
    ]);
  });

  test("are one for all of their fleets, and none for the fleets of the cluster's region", () => {
    const { config } = load(
      "fleets: { a: {}, b: { region: us-east-1 }, c: { region: eu-west-1 }, d: { region: eu-west-1 } }",
    );
    const [ireland, ...others] = fleetRegionsOf(config);
    expect(others).toEqual([]);
    expect(Object.keys(ireland!.fleets)).toEqual(["c", "d"]);
    expect(Object.keys(fleetsIn(config, "us-east-1"))).toEqual(["a", "b"]);
  });

  test("take the block and the image that the settings name", () => {
    const yaml = `${eu}\nmachines: { imageId: ami-01234567 }\nregions: { eu-central-1: { cidr: 10.1.0.0/20, imageId: ami-76543210 } }`;
    expect(fleetRegionsOf(load(yaml).config)).toEqual([
      expect.objectContaining({ cidr: "10.1.0.0/20", imageId: "ami-76543210" }),
    ]);
  });

  test("may be set by a variable, and before there is a fleet", () => {
    const variables = { LOCUST_CLUSTER_REGIONS: "{ eu-west-1: { cidr: 10.1.0.0/16 } }" };
    expect(load("", variables).config.regions["eu-west-1"]?.cidr).toBe("10.1.0.0/16");
  });

  test("need a block with another one at home", () => {
    const yaml = "network: { cidr: 10.9.0.0/16 }\n";
    expect(() => load(`${yaml}${eu}\nregions: { eu-central-1: { cidr: 10.10.0.0/16 } }`)).not.toThrow();
    expect(complaint(yaml + eu)).toBe(
      "cluster.yaml: 'regions.eu-central-1.cidr' must be a private IPv4 block such as 10.97.0.0/16 that overlaps no other, since 'network.cidr' is 10.9.0.0/16 instead of 10.77.0.0/16, got nothing",
    );
    expect(complaint(`network: { cidr: 10.97.0.0/16 }\n${eu}`)).toContain(
      "must be a private IPv4 block that overlaps no other, since 'network.cidr' is 10.97.0.0/16",
    );
  });

  test.each([
    [
      "fleets: { x: { region: xx-north-1 } }",
      "cluster.yaml:1: 'fleets.x.region' must be an AWS region that this version knows (did you mean eu-north-1?), or have a private IPv4 block in 'regions.xx-north-1.cidr', got \"xx-north-1\"",
    ],
    [
      "fleets: { x: { region: cn-north-1 } }",
      "'fleets.x.region' must be in the same partition of AWS as us-east-1, the region of the cluster, got \"cn-north-1\"",
    ],
    [
      `machines: { imageId: ami-01234567 }\n${eu}`,
      "'regions.eu-central-1.imageId' must name an image in eu-central-1, since 'machines.imageId' is one in us-east-1, got nothing",
    ],
    [
      "regions: { us-east-1: {} }",
      "'regions.us-east-1' must be another region than that of the cluster, whose settings are 'network.cidr' and 'machines.imageId'",
    ],
    [
      "regions: { eu-west-1: { cidr: 10.77.128.0/20 } }",
      "'regions.eu-west-1.cidr' must not overlap 'network.cidr' 10.77.0.0/16, got \"10.77.128.0/20\"",
    ],
    [
      "regions: { eu-west-1: { cidr: 10.1.0.0/17 }, us-west-2: { cidr: 10.1.0.0/16 } }",
      "'regions.us-west-2.cidr' must not overlap 'regions.eu-west-1.cidr' 10.1.0.0/17, got \"10.1.0.0/16\"",
    ],
    [
      `${eu}\nregions: { eu-west-1: { cidr: 10.97.5.0/24 } }`,
      "'regions.eu-central-1.cidr' must not overlap 'regions.eu-west-1.cidr' 10.97.5.0/24, got \"10.97.0.0/16\"",
    ],
    [
      `${eu}\nnetwork: { zones: 2 }\nregions: { eu-central-1: { cidr: 10.1.0.0/27 } }`,
      "'regions.eu-central-1.cidr' is too small for 'network.zones': 2, got \"10.1.0.0/27\"; take a larger block or fewer zones",
    ],
    [
      "fleets: { a: { region: eu-west-1, max: 20 }, b: { region: eu-west-1, max: 3 } }\nregions: { eu-west-1: { cidr: 10.1.0.0/25 } }",
      "'regions.eu-west-1.cidr' 10.1.0.0/25 over 2 zones has addresses for 22 machines, the 'max' of all fleets there are 23 together; take a larger block or smaller fleets",
    ],
    [
      "regions: { eu-west-1: { cidr: 8.8.0.0/16 } }",
      "'regions.eu-west-1.cidr' must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, got \"8.8.0.0/16\"",
    ],
    [
      "regions: { eu-west-1: { cidr: 10.0.0.0/8 } }",
      "'regions.eu-west-1.cidr' must be a block from /16 to /27, as 'network.cidr', got \"10.0.0.0/8\"",
    ],
    [
      "regions: { Ireland: {} }",
      "'regions.Ireland' must have the code of an AWS region as its name, such as eu-central-1 (Frankfurt), got \"Ireland\"",
    ],
    ["regions: { eu-west-1: 3 }", "'regions.eu-west-1' must be a group of settings (cidr, imageId), got 3"],
    ["regions: { eu-west-1: { cidrs: x } }", "'regions.eu-west-1.cidrs' is not a setting; did you mean"],
    [
      "regions: [eu-west-1]",
      "'regions' must be a group of regions with settings each, such as eu-west-1: { cidr: 10.90.0.0/16 }",
    ],
  ])("%s is refused", (yaml, message) => {
    expect(complaint(yaml)).toContain(message);
  });

  test("have addresses for their own fleets, and the cluster's region for its own", () => {
    const yaml = (max: number): string =>
      `network: { cidr: 10.0.0.0/25 }\nworkers: { count: 12 }\nregions: { eu-west-1: { cidr: 10.1.0.0/25 } }\nfleets: { a: { max: ${max} }, b: { max: 22, region: eu-west-1 } }`;
    expect(() => load(yaml(10))).not.toThrow();
    expect(complaint(yaml(11))).toContain(
      "has addresses for 22 machines beside the master, 'workers.count' and the 'max' of all fleets in us-east-1 are 23 together",
    );
  });
});
