import { toKnowledge } from "../../../../cli/deploy/leftovers/knowledge";
import { load } from "../../../lib/model/load";

const local = { name: "shop", region: "us-east-1", state: {}, fleets: {} };
const inS3 = { ...local, state: { bucket: "team-states" } };

const resource = (type: string, name: string, attributes: Record<string, unknown>, mode = "managed") => ({
  mode,
  type,
  name,
  instances: [{ attributes }],
});
const identity = (id: string) => resource("terraform_data", "identity_state", { id });
const bucket = (id: string) => resource("aws_s3_bucket", "store_bucket", { id });

describe("what the states of a cluster tell", () => {
  test("are the mark of a local state, its bucket and the ids of what it holds", () => {
    const resources = [
      identity("1-2"),
      bucket("shop-a"),
      resource("aws_vpc", "network_vpc", { id: "vpc-1" }),
    ];
    expect(toKnowledge(local, { resources })).toEqual({
      marks: ["local:1-2"],
      fleets: false,
      buckets: ["shop-a"],
      ids: new Set(["1-2", "shop-a", "vpc-1"]),
      elsewhere: [],
    });
  });

  test("is the place of a state in S3, when nothing was written there yet", () => {
    const location = "s3://team-states/locust-cluster/us-east-1/shop.tfstate";
    expect(toKnowledge(inS3, undefined)).toEqual({
      marks: [location],
      fleets: false,
      buckets: [],
      ids: new Set(),
      elsewhere: [],
    });
  });

  test("are the marks and buckets of the state before the last change, too, but not its ids", () => {
    const former = { resources: [identity("old"), bucket("shop-old")] };
    expect(toKnowledge(local, { resources: [identity("new"), bucket("shop-new")] }, former)).toEqual({
      marks: ["local:new", "local:old"],
      fleets: false,
      buckets: ["shop-new", "shop-old"],
      ids: new Set(["new", "shop-new"]),
      elsewhere: [],
    });
  });

  test("is a route by its table and destination, because AWS gives it no id", () => {
    const route = { id: "r-rtb-11080289494", route_table_id: "rtb-1", destination_cidr_block: "0.0.0.0/0" };
    const resources = [resource("aws_route", "network_default-route", route)];
    expect([...toKnowledge(local, { resources }).ids]).toEqual(["rtb-1 0.0.0.0/0"]);
  });

  test("is whether there are fleets: in the settings, or in a state that still has one's template", () => {
    const { config } = load("fleets: { eu: {} }");
    const former = { resources: [resource("aws_launch_template", "fleet-eu", { id: "lt-1" })] };
    expect(toKnowledge(config, undefined).fleets).toBe(true);
    expect(toKnowledge(local, { resources: [] }, former).fleets).toBe(true);
    expect(toKnowledge(local, { resources: [] }).fleets).toBe(false);
  });

  test("is nothing that was only looked up", () => {
    const resources = [resource("aws_ssm_parameter", "image", { id: "/aws/x" }, "data")];
    expect([...toKnowledge(local, { resources }).ids]).toEqual([]);
  });

  test("are the other regions of the settings, of the state and of the one before, each with its own ids", () => {
    const config = { ...local, fleets: load("fleets: { eu: { region: eu-west-1 } }").config.fleets };
    const resources = [
      resource("aws_vpc", "network_vpc", { id: "vpc-1" }),
      resource("aws_vpc", "region-us-west-2_network_vpc", { id: "vpc-2" }),
      resource("aws_vpc_peering_connection", "peering-us-west-2_connection", { id: "pcx-1" }),
      resource("aws_vpc_peering_connection_accepter", "peering-us-west-2_accepter", { id: "pcx-1" }),
      resource("aws_route", "peering-us-west-2_route-back", {
        route_table_id: "rtb-2",
        destination_cidr_block: "10.77.0.0/16",
      }),
    ];
    const former = { resources: [resource("terraform_data", "region-sa-east-1_zones_chosen", { id: "z" })] };
    expect(toKnowledge(config, { resources }, former)).toMatchObject({
      ids: new Set(["vpc-1", "pcx-1"]),
      elsewhere: [
        { region: "eu-west-1", ids: new Set() },
        { region: "us-west-2", ids: new Set(["vpc-2", "rtb-2 10.77.0.0/16"]) },
        { region: "sa-east-1", ids: new Set() },
      ],
    });
  });
});
