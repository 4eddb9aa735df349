import { join } from "node:path";
import { explainLock } from "../../../../cli/deploy/terraform/state-lock";
import { projectRoot } from "../../../../lib/model/project";

const STACK = join(projectRoot(), "cdktf.out.shop", "stacks", "shop");

/** As Terraform 1.11 says it, with and without the frame of a log. */
const said = (reason: string): string =>
  `╷
│ Error: Error acquiring the state lock
│
│ Error message: ${reason}
│ Lock Info:
│   ID:        0f904f34-528b-e3d5-9fd0-cba566cacf29
│   Path:      team-states/locust-cluster/us-east-1/shop.tfstate
│   Operation: OperationTypeApply
│   Who:       ann@laptop
│   Version:   1.11.4
│   Created:   2026-11-26 22:37:38.622323726 +0000 UTC
│   Info:
╵`;

const SENTENCE = "the state is locked by ann@laptop since 2026-11-26 22:37:38 UTC";

describe("a locked state", () => {
  test.each([
    ["in a frame", said("operation error S3: PutObject, StatusCode: 412, PreconditionFailed")],
    ["without", said("PreconditionFailed").replace(/^[│╷╵] ?/gm, "")],
  ])("in S3 says who holds it, and the whole command that unlocks it (%s)", (_, text) => {
    const error = explainLock(text, STACK);
    expect(error?.message).toBe(SENTENCE);
    expect(error?.hint).toBe(
      "wait until that Terraform ends; if it was killed, unlock with 'terraform -chdir=cdktf.out.shop/stacks/shop force-unlock -force 0f904f34-528b-e3d5-9fd0-cba566cacf29'",
    );
  });

  test("in a file is held by a process that lives", () => {
    const error = explainLock(said("resource temporarily unavailable"), STACK);
    expect(error?.message).toBe(SENTENCE);
    expect(error?.hint).toBe("wait until that Terraform ends");
  });

  test("is not what somebody hears who may not write the lock", () => {
    const text =
      "Error: Error acquiring the state lock\n\nError message: operation error S3: PutObject, https response error StatusCode: 403, AccessDenied\n";
    expect(explainLock(text, STACK)).toBeUndefined();
  });

  test("is not what another failure is about", () => {
    expect(explainLock("Error: AccessDenied", STACK)).toBeUndefined();
  });
});
