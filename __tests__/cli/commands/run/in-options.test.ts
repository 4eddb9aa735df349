import { inOptions } from "../../../../cli/commands/run/in-options";
import { UserError } from "../../../../lib/model/user-error";
import { RefusedRequestError } from "../../../../test-runs/master/master-errors";

describe("inOptions", () => {
  const refused = (message: string, field: string) =>
    inOptions(new RefusedRequestError(message, { field, cause: undefined }));

  test("names the option that a field came from", () => {
    expect(refused("must be a duration", "run_time")).toEqual(new UserError("-t: must be a duration"));
  });

  test.each([
    [
      "the test has a load shape, Hill, which decides about users and time: leave out 'user_count' and 'run_time'",
      "user_count",
      "the test has a load shape, Hill, which decides about users and time: leave out -u and -t",
    ],
    ["'host' is missing", "host", "-H is missing"],
    ["the test has no tag 'host'; its tags: buy", "tags", "-T: the test has no tag 'host'; its tags: buy"],
    ["the body must be a JSON object", "body", "the body must be a JSON object"],
  ])("%s", (message, field, expected) =>
    expect(refused(message, field)).toMatchObject({ message: expected }),
  );

  test.each([
    [
      "user_count",
      "'user_count' is missing: how many users?",
      "-u is missing: how many users?",
      "e.g. '-u 20 -r 5 -t 1m'",
    ],
    [
      "host",
      "'host' is missing: neither this run nor cluster.yaml nor Shopper names a target",
      "-H is missing: neither this run nor cluster.yaml nor Shopper names a target",
      "name one with '-H https://…', with 'locust.host' in cluster.yaml, or with 'host' in the test",
    ],
  ])("says how to give a %s that is missing", (field, said, message, hint) => {
    expect(refused(said, field)).toMatchObject({ message, hint });
  });

  test.each([
    ["tags", "-T"],
    ["exclude_tags", "-E"],
  ])("says where a user class among the %s belongs", (field, option) => {
    expect(refused("'Visitor' is a user class, not a tag", field)).toMatchObject({
      message: `${option}: 'Visitor' is a user class, not a tag`,
      hint: `write Visitor before ${option}, which takes all words after it`,
    });
  });

  test.each([
    [
      "'fleets.eu' must be at most 20 (fleets.eu.max in cluster.yaml), got 30",
      "--fleet eu must be at most 20 (fleets.eu.max in cluster.yaml), got 30",
    ],
    [
      "the cluster has no fleet 'ue': did you mean eu?",
      "--fleet: the cluster has no fleet 'ue': did you mean eu?",
    ],
  ])("names --fleet for a part of its field: %s", (message, expected) => {
    expect(refused(message, "fleets.eu")).toMatchObject({ message: expected });
  });

  test.each([
    [
      "'shares.us' is 40%, but fleet us has no machines: its size is 0, and the run asks for none of it",
      "--share us is 40%, but fleet us has no machines: its size is 0, and the run asks for none of it",
    ],
    [
      "the cluster has no fleet 'su': did you mean us?",
      "--share: the cluster has no fleet 'su': did you mean us?",
    ],
  ])("names --share for a part of its field: %s", (message, expected) => {
    expect(refused(message, "shares.us")).toMatchObject({ message: expected });
  });

  test("names --share for all shares together", () => {
    const message = "'shares' must be 100% together, got 90% (eu 60%, us 30%)";
    const expected = "--share must be 100% together, got 90% (eu 60%, us 30%)";
    expect(refused(message, "shares")).toMatchObject({ message: expected });
  });

  test("leaves any other error as it is", () => {
    const error = new UserError("run x is running");
    expect(inOptions(error)).toBe(error);
  });
});
