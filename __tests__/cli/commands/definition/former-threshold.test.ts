import { createProgram } from "../../../../cli/commands";
import { whatMustHold } from "../../../../cli/commands/definition/former-threshold";

test.each([
  ["fail_ratio > 1%", "fail_ratio <= 1%"],
  ["fail_ratio>=1%", "fail_ratio < 1%"],
  ["GET /a<b> p95 > 300ms", "GET /a<b> p95 <= 300ms"],
  ["rps < 500", "rps >= 500"],
  ["requests < 10", "requests >= 10"],
  ["p95 < 300ms", "p95 < 300ms"],
  ["rps >= 500", "rps >= 500"],
  ["p95 is high", "p95 is high"],
])("'fail if %s' means that %s must hold", (text, expression) => expect(whatMustHold(text)).toBe(expression));

test.each([
  ["--fail-if", "--threshold"],
  ["--abort-if", "--abort-threshold"],
])("%s is refused with what to write instead", (former, now) => {
  const program = createProgram("1.0.0", { code: 0 });
  const run = program.commands.find((each) => each.name() === "run")!;
  expect(() => run.parse(["-u", "1", former, "fail_ratio > 1%"], { from: "user" })).toThrow(
    `${former}: its name is ${now} now, and it takes what must hold: ${now} 'fail_ratio <= 1%'`,
  );
  expect(run.helpInformation()).not.toContain(former);
  expect(run.helpInformation()).toContain(`${now} <threshold>`);
});
