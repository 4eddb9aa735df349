import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../lib/model/project";

interface Test {
  readonly path: string;
}

const LongestFirst = jest.requireActual<{
  new (options: object): { sort(tests: readonly object[]): Test[] };
  readonly LONGEST: readonly string[];
}>("../../tools/longest-first");

const FOLDER = join(projectRoot(), "__tests__");

/** The names of a suite's files in the order in which Jest takes them; without a cache it begins with the largest. */
function sorted(suite: string, sizes: Readonly<Record<string, number>>): string[] {
  const context = {
    config: { id: suite, displayName: { name: suite }, cache: false },
    hasteFS: { getSize: (path: string) => sizes[basename(path, ".test.ts")] },
  };
  const tests = Object.keys(sizes).map((name) => ({ path: join(FOLDER, suite, `${name}.test.ts`), context }));
  return new LongestFirst({}).sort(tests).map(({ path }) => basename(path, ".test.ts"));
}

test("names files that there are", () => {
  for (const name of LongestFirst.LONGEST)
    expect([name, existsSync(join(FOLDER, "integration", name))]).toEqual([name, true]);
});

test("begins with the integration tests of the list, in its order, and goes on in Jest's", () => {
  const sizes = { venv: 1, local: 4, "many-workers": 2, results: 3 };
  expect(sorted("integration", sizes)).toEqual(["results", "many-workers", "local", "venv"]);
});

test("leaves the order of other suites alone", () => {
  expect(sorted("machines", { cluster: 2, fleets: 1 })).toEqual(["cluster", "fleets"]);
});
