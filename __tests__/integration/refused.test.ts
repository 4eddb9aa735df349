import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiOf } from "../../simulator/account/clients";
import type { CommandResult } from "../../tools/trials/command";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";

const put =
  (file: string, text: string) =>
  (folder: string): void =>
    writeFileSync(join(folder, file), text);

const cases: readonly {
  readonly what: string;
  readonly spoil: (folder: string) => void;
  readonly sentence: RegExp;
}[] = [
  {
    what: "a locustfile that does not parse",
    spoil: put("locust/locustfile.py", "from locust import task\n\ndef broken(:\n"),
    sentence: /locust\/locustfile\.py:3: not valid Python/,
  },
  {
    what: "a package that does not exist",
    spoil: put("locust/requirements.txt", "no-such-package-of-locust-cluster\n"),
    sentence: /no-such-package-of-locust-cluster/,
  },
  {
    what: "a wrong setting",
    spoil: put("cluster.yaml", "workers: { count: 501 }\n"),
    sentence: /'workers\.count' must be a whole number from 0 to 500, got 501/,
  },
];

/** What cannot work is told in a sentence by plain 'cdktf deploy' too, before anything is created. */
describeEmulated("'cdktf deploy'", (suite) => {
  let results: Map<string, Promise<CommandResult>>;

  beforeAll(() => {
    // All at once, for time: nothing may come of any.
    results = new Map(
      cases.map(({ what, spoil }, index) => {
        const cluster = suite().cluster(`refused-${index}`);
        spoil(cluster.folder);
        return [what, cluster.tryToDeploy()];
      }),
    );
  });

  test.each(cases)("refuses $what", async ({ what, sentence }) => {
    const { code, output } = (await results.get(what)) ?? {};
    expect(code).toBe(1);
    // Terraform breaks long lines and draws a bar before them.
    expect(output?.replace(/[│\s]+/g, " ")).toMatch(sentence);
  });

  test("creates nothing then", async () => {
    await Promise.all(results.values());
    expect(await inventory(apiOf(suite().aws.account))).toEqual(nothing);
  });
});
