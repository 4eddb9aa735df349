import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderLogin, showsPassword } from "../../../cli/machines/login";
import { answer, OUTPUTS } from "../recorded-cluster";
import { CALLER, serveAws } from "../stub-aws";
import { linkPackages, runCli, StubProject } from "../stub-project";

jest.setTimeout(60_000);

const PASSWORD = OUTPUTS.web_password;

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
  expect(rows(true)).toContain(`password  ${PASSWORD}`);
  expect(rows(false)).toContain(
    "password  not shown here: 'npx locust-cluster status --show-password' shows it",
  );
  expect(rows(false).join()).not.toContain(PASSWORD);
});

describe("commands that nobody watches", () => {
  let scratch: string;
  let master: Server;
  let project: StubProject;

  beforeAll(async () => {
    await runCli(["--version"]); // compiles, if a source has changed
    scratch = mkdtempSync(join(tmpdir(), "locust-cluster-password-"));
    project = new StubProject(join(scratch, "project"), linkPackages(scratch));
    master = createServer((_request, response) => response.end(JSON.stringify(answer({ "worker-1": 2 }))));
    await once(master.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(master.address() as AddressInfo).port}`;
    const outputs = Object.entries({ ...OUTPUTS, master_url: url }).map(([name, value]) => [name, { value }]);
    writeFileSync(join(project.folder, "terraform.locust.tfstate"), "{}");
    writeFileSync(join(project.folder, "outputs.json"), JSON.stringify(Object.fromEntries(outputs)));
    project.link("cat");
    project.stub("terraform", `[ "$1" = output ] && cat "${project.folder}/outputs.json" || true`);
  }, 120_000);

  afterAll(() => {
    master.close();
    rmSync(scratch, { recursive: true });
  });

  test.each([[["status"]], [["status", "--wait"]], [["status", "--json"]], [["status", "--wait", "--json"]]])(
    "%j keeps the password and every other secret to itself, and --show-password shows it",
    async (args) => {
      const { server, env } = await serveAws({
        GetCallerIdentity: CALLER,
        GET: { status: 200, body: "<ListBucketResult/>" },
      });
      const hidden = await project.run(args, env);
      const shown = await project.run([...args, "--show-password"], env);
      server.close();
      expect([hidden.code, shown.code]).toEqual([0, 0]);
      for (const secret of [PASSWORD, "BEGIN RSA PRIVATE KEY", `"${OUTPUTS.api_token}"`])
        expect(hidden.stdout + hidden.stderr).not.toContain(secret);
      expect(shown.stdout).toContain(PASSWORD);
    },
  );
});
