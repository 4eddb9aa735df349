import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { report } from "../../../cli/runs/watch-run";
import { Terminal } from "../../../cli/terminal";
import { run } from "./recorded-run";

afterEach(() => jest.restoreAllMocks());

test("a run ends with a command for its report that a terminal of 80 columns does not break", async () => {
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const stream = new PassThrough();
  report(run(), {}, new Terminal(stream as unknown as NodeJS.WriteStream));
  stream.end();
  const lines = (await text(stream)).trimEnd().split("\n");
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^files   .*runs\/20261121-110432-checkout$/),
    "report  npx locust-cluster open 20261121-110432-checkout",
  ]);
});
