const { basename } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Integration tests of two minutes and more, the longest first. Jest knows how long a file takes only from its cache, which
 * CI lacks: without this list a long file may begin last, and run alone while the other process has nothing to do.
 */
const LONGEST = [
  "results",
  "regions",
  "side-by-side",
  "many-workers",
  "deploy",
  "package",
  "capacity",
  "fleets",
  "killed",
  "permissions",
  "environment",
  "credentials",
  "runs",
].map((name) => `${name}.test.ts`);

/** Jest's order, with the files of the list before all others. */
class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const long = LONGEST.flatMap((name) => sorted.filter((test) => isIntegration(test, name)));
    return [...long, ...sorted.filter((test) => !long.includes(test))];
  }
}

const isIntegration = (test, name) =>
  test.context.config.displayName?.name === "integration" && basename(test.path) === name;

module.exports = LongestFirst;
module.exports.LONGEST = LONGEST;
