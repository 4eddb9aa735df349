import { renderLogin, showsPassword } from "../../../cli/machines/login";
import { OUTPUTS } from "../recorded-cluster";

test.each([
  ["on a terminal", {}, true, {}, true],
  ["on the terminal of a job of CI", {}, true, { CI: "true" }, false],
  ["in a pipe or a file", {}, false, {}, false],
  ["wherever it was asked for", { showPassword: true }, false, { CI: "true" }, true],
])("%s", (_where, options, isTerminal, env, shown) => {
  expect(showsPassword(options, isTerminal, env)).toBe(shown);
});

test("the login without the password says how to see it", () => {
  const rows = (withPassword: boolean) => renderLogin(OUTPUTS, withPassword).split("\n");
  expect(rows(true)).toContain(`password  ${OUTPUTS.web_password}`);
  expect(rows(false)).toContain(
    "password  not shown here: 'npx locust-cluster status --show-password' shows it",
  );
  expect(rows(false).join()).not.toContain(OUTPUTS.web_password);
});
