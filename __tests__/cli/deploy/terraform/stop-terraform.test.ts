import { stopTerraform } from "../../../../cli/deploy/terraform/stop-terraform";

/** Process 48 is a shell, which this program has called, and which was called itself by process 1. */
const below =
  (program: string) =>
  (pid: number): Promise<string> =>
    Promise.resolve(pid === 48 ? "   47 sh\n" : `    1 ${program}\n`);

describe("stopTerraform", () => {
  test.each(["terraform", "/usr/local/bin/terraform", "tofu"])("names the process of %s", async (program) => {
    await expect(stopTerraform(below(program), 48)).resolves.toBe("kill -INT 47");
  });

  test.each<[string, (pid: number) => Promise<string>]>([
    ["no Terraform has called us", below("login")],
    ["there is no 'ps'", () => Promise.reject(new Error("spawn ps ENOENT"))],
    ["'ps' says something else", () => Promise.resolve("usage: ps\n")],
  ])("says whose process is meant where %s", async (_title, look) => {
    await expect(stopTerraform(look, 48)).resolves.toBe("kill -INT <process id of Terraform>");
  });
});
