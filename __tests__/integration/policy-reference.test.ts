import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { installCheckov } from "../helpers/checkov";
import { actionsOf, type NamedStatement, statementsOf } from "../helpers/policies";

const STATEMENTS = statementsOf([
  ...["deployer", "fleets", "regions"],
  ...["state-bucket", "results-bucket", "tester"],
]);

/** Condition keys by type of resource; those that hold for any stand at "". */
type Reference = Readonly<Record<string, Readonly<Record<string, readonly string[]>> | null>>;

/** Of every request (IAM User Guide, "AWS global condition context keys"). */
const GLOBAL = ["aws:RequestedRegion"];

/** Not in the copy. AWS's own policy for its load balancer controller relies on it (install/iam_policy.json there). */
const ALSO: Readonly<Record<string, readonly string[]>> = { "ec2:CreateTags": ["aws:RequestTag/${TagKey}"] };

/** The reference writes a variable where a policy has a key of its own. */
const inReference = (key: string): string =>
  key
    .replace(/Tag\/.*/, "Tag/${TagKey}")
    .replace(/^kms:EncryptionContext:.*/, "kms:EncryptionContext:${EncryptionContextKey}");

/** The emulated account is ours; this is AWS's own word on what the policies of docs/permissions name. */
describe("AWS's Service Authorization Reference", () => {
  let reference: Reference;
  const of = (action: string) => reference[action] ?? {};
  const eachAction = <T>(look: (statement: NamedStatement, action: string) => readonly T[]): T[] =>
    STATEMENTS.flatMap((statement) => actionsOf(statement).flatMap((action) => look(statement, action)));

  beforeAll(async () => {
    const script = join(projectRoot(), "__tests__", "checkov", "reference.py");
    const actions = STATEMENTS.flatMap(actionsOf);
    reference = JSON.parse(
      execFileSync(await installCheckov(), [script, ...actions], { encoding: "utf8" }),
    ) as Reference;
  });

  test("knows all actions of the policies", () => {
    expect(eachAction((_, action) => (reference[action] ? [] : [action]))).toEqual([]);
  });

  test("knows resources for the actions that are limited to some, and none for the others", () => {
    // The association is gone, and with it the resources by which AWS would know it (docs/permissions.md).
    const wrong = eachAction(({ Sid, Resource }, action) => {
      const limitable = Object.keys(of(action)).some((kind) => kind !== "");
      return limitable === (Resource !== "*") || Sid === "Addresses" ? [] : [`${Sid}: ${action}`];
    });
    expect(wrong).toEqual([]);
  });

  test("has the conditions of the policies for their actions", () => {
    const wrong = eachAction(({ Sid, Condition = {} }, action) => {
      const known = [...Object.values(of(action)).flat(), ...(ALSO[action] ?? [])];
      return Object.values(Condition)
        .flatMap((keys) => Object.keys(keys))
        .filter((key) => !GLOBAL.includes(key) && !known.includes(inReference(key)))
        .map((key) => `${Sid}: ${action} ${key}`);
    });
    expect(wrong).toEqual([]);
  });
});
