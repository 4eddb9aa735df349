import { join } from "node:path";
import { nothingToDestroy } from "../../../cli/commands/destroy";
import { listLeftovers } from "../../../cli/deploy/leftovers/offer";
import { explainLock } from "../../../cli/deploy/terraform/state-lock";
import { projectRoot } from "../../../lib/model/project";
import { leftIn, NOTHING_MADE, unlockIn } from "../../../tools/trials/killed-deploy";

/** The soak runs by hand only: nobody else would notice that it reads words which the program no longer says. */
describe("what the soak of killed deploys reads", () => {
  const subnet = { title: "subnet", find: () => Promise.resolve([]), remove: () => Promise.resolve() };

  test.each([1, 12])("how many resources no state knows: %d", (count) => {
    const leftovers = Array.from({ length: count }, (_, place) => ({ kind: subnet, id: `subnet-${place}` }));
    expect(leftIn(`before\n${listLeftovers(leftovers, "soak")}\nafter`)).toBe(count);
  });

  test("the command that unlocks a state", () => {
    const text =
      "Error: Error acquiring the state lock\n\nError message: PreconditionFailed\n  ID:        0f90\n";
    const { hint } = explainLock(text, join(projectRoot(), "cdktf.out.soak", "stacks", "soak"))!;
    expect(unlockIn(hint!)).toBe("terraform -chdir=cdktf.out.soak/stacks/soak force-unlock -force 0f90");
  });

  test("that there was nothing yet", () => {
    expect(nothingToDestroy("soak").message).toMatch(NOTHING_MADE);
  });
});
