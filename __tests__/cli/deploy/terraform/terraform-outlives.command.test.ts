import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { calls, EMPTY_ACCOUNT, GONE, StubDeployments } from "../../stub-deployments";
import type { StubProject } from "../../stub-project";

jest.setTimeout(60_000);

const deployments = new StubDeployments();
const project = deployments.project.bind(deployments);
const aws = deployments.aws.bind(deployments);

describe("destroy with a Terraform that takes its time", () => {
  /** It ends when the file `go` is there. */
  const slow = (made: StubProject): void => {
    made.link("sleep");
    made.stubTerraform(
      `echo "aws_vpc.vpc: Still destroying..."; while [ ! -e "${made.folder}/go" ]; do sleep 0.1; done; ${GONE}`,
    );
  };
  const record = (made: StubProject) => join(made.folder, ".cache", "locust", "terraform.json");
  const begun = async (made: StubProject): Promise<void> => {
    while (!existsSync(record(made))) await sleep(50);
  };

  test("lets it end when the command line is killed, and the next command shows and awaits it", async () => {
    const made = project();
    slow(made);
    const env = await aws(EMPTY_ACCOUNT);
    const killed = made.start(["destroy", "--yes"], env);
    await begun(made);
    killed.kill("SIGKILL");
    const next = made.start(["destroy", "--yes"], env);
    let stderr = "";
    next.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    while (!stderr.includes("waiting for it to end")) await sleep(50);
    writeFileSync(join(made.folder, "go"), "");
    const code = await new Promise((resolve) => next.once("close", resolve));
    expect(stderr).toMatch(
      /^a destroy of cluster 'locust' is under way since \d\d:\d\d:\d\d \(process \d+\): waiting for it to end \(Ctrl-C stops waiting\)\n {2}Destroy complete! Resources: 42 destroyed.\n/,
    );
    expect(code).toBe(0);
    expect(calls(made).filter((call) => call.startsWith("destroy "))).toHaveLength(2);
  });

  test("says while it is at work what is under way", async () => {
    const made = project();
    slow(made);
    const killed = made.start(["destroy", "--yes"], await aws(EMPTY_ACCOUNT));
    await begun(made);
    killed.kill("SIGKILL");
    writeFileSync(join(made.folder, "terraform.locust.tfstate"), "{}");
    const { code, stderr } = await made.run(["status"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^a destroy of cluster 'locust' is under way since .*\n'npx locust-cluster destroy' shows it and waits for its end\n$/,
    );
    writeFileSync(join(made.folder, "go"), "");
  });

  test("asks it once to stop in order", async () => {
    const made = project();
    made.link("sleep");
    made.stubTerraform(
      `trap 'echo "Interrupt received." >> "${made.folder}/told"; kept=1' INT; while [ -z "$kept" ]; do sleep 0.1; done; exit 1`,
    );
    const interrupted = made.start(["destroy", "--yes"], await aws(EMPTY_ACCOUNT));
    await begun(made);
    await sleep(500);
    for (const _ of [1, 2]) interrupted.kill("SIGINT");
    const code = await new Promise((resolve) => interrupted.once("close", resolve));
    expect(code).toBe(130);
    expect(readFileSync(join(made.folder, "told"), "utf8")).toBe("Interrupt received.\n");
  });
});
