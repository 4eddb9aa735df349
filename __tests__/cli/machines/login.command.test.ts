import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StubMaster } from "../../helpers/stub-master";
import { answer, OUTPUTS } from "../recorded-cluster";
import { CALLER, serveAws } from "../stub-aws";
import { linkPackages, runCli, StubProject } from "../stub-project";

jest.setTimeout(60_000);

const PASSWORD = OUTPUTS.web_password;

describe("commands that nobody watches", () => {
  let scratch: string;
  let master: StubMaster;
  let project: StubProject;

  beforeAll(async () => {
    await runCli(["--version"]); // compiles, if a source has changed
    scratch = mkdtempSync(join(tmpdir(), "locust-cluster-password-"));
    project = new StubProject(join(scratch, "project"), linkPackages(scratch));
    master = await StubMaster.start(OUTPUTS.api_token);
    master.nodes = answer({ "worker-1": 2 });
    project.stubOutputs({ ...OUTPUTS, master_url: master.url });
  }, 120_000);

  afterAll(() => {
    master.stop();
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
