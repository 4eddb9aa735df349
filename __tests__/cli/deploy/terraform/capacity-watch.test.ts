import { CapacityWatch } from "../../../../cli/deploy/terraform/capacity-watch";

/** What provider 5.100 logs of one refused call, shortened. */
const refused = (type: string, zone: string): string =>
  [
    `2026-11-26T23:04:27.686Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: HTTP Response Received: rpc.method=RunInstances`,
    `  http.response.body=`,
    `  | <?xml version="1.0" encoding="utf-8"?>`,
    `  | <Response><Errors><Error><Code>InsufficientInstanceCapacity</Code><Message>We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.</Message></Error></Errors></Response>`,
    `   http.status_code=500 timestamp=2026-11-26T23:04:27.686Z`,
    "",
  ].join("\n");

function warnings(...pieces: readonly string[]): string[] {
  const found: string[] = [];
  const watch = new CapacityWatch((sentence) => found.push(sentence));
  for (const piece of pieces) watch.push(piece);
  return found;
}

const sentence = (lacking: string): string =>
  `AWS currently has no capacity for ${lacking} (InsufficientInstanceCapacity); Terraform keeps trying. ` +
  "Wait, or press Ctrl-C, choose another instanceType or region in cluster.yaml, and deploy again";

describe("CapacityWatch", () => {
  test("names type, zone and remedy, once for each type in each zone", () => {
    const [first, second] = [refused("c7g.large", "us-east-1a"), refused("c7g.large", "us-east-1b")];
    expect(warnings(first, first, second, first)).toEqual([
      sentence("c7g.large in us-east-1a"),
      sentence("c7g.large in us-east-1b"),
    ]);
  });

  test("does not care how the log is cut into pieces", () => {
    expect(warnings(...refused("c7g.large", "us-east-1a").split(""))).toHaveLength(1);
  });

  test("repeats AWS where it says it otherwise", () => {
    expect(
      warnings(
        "<Code>InsufficientInstanceCapacity</Code><Message>There is no Spot capacity available.</Message>\n",
      ),
    ).toEqual([sentence('this request ("There is no Spot capacity available.")')]);
  });

  test("has nothing to say of calls that succeed or are throttled", () => {
    expect(warnings("<Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message>\n")).toEqual(
      [],
    );
  });
});
