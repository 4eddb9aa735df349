import { isRunId } from "../../../test-runs/sources/folder";

test.each([
  ["20261121-110432", true],
  ["20261121-110432-checkout-2", true],
  ["../20261121-110432", false],
  ["20261121-110432/..", false],
  ["", false],
])("%j is the id of a run: %s", (text, is) => expect(isRunId(text)).toBe(is));
