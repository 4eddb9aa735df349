import { UserError } from "../../../lib/model/user-error";
import { explainMaster, LOCAL } from "../../../test-runs/master/explain-master";
import { MasterStatusError, MasterUnreachableError } from "../../../test-runs/master/master-errors";

describe("explainMaster", () => {
  const answer = (status: number, error: object) =>
    explainMaster(
      new MasterStatusError("POST", "http://m/cluster/runs", status, JSON.stringify({ error })),
      LOCAL,
    );

  test("keeps the field of a refused request", () => {
    const error = { code: "invalid_request", message: "must be a duration", field: "run_time" };
    expect(answer(400, error)).toMatchObject({ message: "must be a duration", field: "run_time" });
    expect(answer(400, error)).toBeInstanceOf(UserError);
  });

  test("tells how to deal with the other run", () => {
    const error = { code: "run_active", message: "run x is running", run: "x" };
    expect(answer(409, error)).toMatchObject({
      message: "run x is running",
      hint: "watch it with 'npx locust-cluster attach', end it with 'npx locust-cluster stop'",
    });
  });

  test("tells a master that is not there", () => {
    const cause = Object.assign(new Error("no"), { code: "ECONNREFUSED" });
    expect(explainMaster(new MasterUnreachableError("GET", "http://m/", cause), LOCAL)).toMatchObject({
      message: "the master of the local cluster does not answer: GET http://m/ failed: ECONNREFUSED",
    });
  });

  test("leaves our own mistakes as they are", () => {
    const error = new TypeError("oops");
    expect(explainMaster(error, LOCAL)).toBe(error);
  });
});
