import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "./stub-project";

/** The command line as a child process: whole messages and exit codes. */
jest.setTimeout(60_000);

let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-bad-input-"));
  await runCli(["--version"]); // compiles, if a source has changed
}, 120_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** A folder of a user: cluster.yaml and the files of a test. */
function userFolder(name: string, files: Readonly<Record<string, string | Buffer>>): NodeJS.ProcessEnv {
  for (const [path, content] of Object.entries({ "cluster.yaml": "", ...files })) {
    const file = join(scratch, name, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content);
  }
  return { LOCUST_CLUSTER_CONFIG: join(scratch, name, "cluster.yaml") };
}

const TEST = "from locust import HttpUser\n\n\nclass A(HttpUser):\n    pass\n";
const HELP = "(add --help for usage)\n";

describe("command line", () => {
  test.each([
    [["deplo"], "unknown command 'deplo'\ndid you mean 'npx locust-cluster deploy'?\n"],
    [["deplo", "--help"], "unknown command 'deplo'\ndid you mean 'npx locust-cluster deploy'?\n"],
    [["status", "--jsn"], `unknown option '--jsn'\ndid you mean --json?\n${HELP}`],
    [["local", "--workers", "0"], "--workers must be a whole number from 1 to 64, got '0'\n"],
    [["local", "--workers", "two"], "--workers must be a whole number from 1 to 64, got 'two'\n"],
    [
      ["local", "--host", "http://a shop"],
      "--host must be an address such as http://127.0.0.1:8000 or localhost:50051, got 'http://a shop'\n",
    ],
    [
      ["local", "--locustfile", "a.py,"],
      "--locustfile must be .py files and folders, such as a.py,b.py, got 'a.py,'\n",
    ],
    [
      ["local", "--locustfile", "absent.py"],
      "--locustfile: absent.py does not exist\nwrite the test there, or correct the path in the command\n",
    ],
    [
      ["local", "4"],
      "unexpected argument '4'\nput options for Locust after '--'; with npm, all options: npm start -- --workers 4\n",
    ],
    [["local", "--port", "65536"], "--port must be a whole number from 1 to 65535, got '65536'\n"],
    [["run", "--users", "ten"], "-u must be a whole number from 1 to 10000000, got 'ten'\n"],
    [
      ["compare", "a", "b", "--fail-if-worse", "10"],
      "--fail-if-worse: '10' is no limit\n" +
        "write e.g. '10%', '5ms', 'p95: 10% and 5ms', 'fail_ratio: 0.5 points' or 'rps: 10% and 2/s'\n",
    ],
    [["compare", "a"], `missing required argument 'after'\n${HELP}`],
    [["deploy", "--timeout", "0"], "--timeout must be a whole number from 1 to 120, got '0'\n"],
  ])("%j", async (args, stderr) => {
    await expect(runCli(args)).resolves.toEqual({ code: 2, stdout: "", stderr });
  });

  test("alone it gives help and the next step", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/npx locust-cluster deploy +the cluster of cluster.yaml on EC2/);
    expect(stdout.trimEnd()).toMatch(/\n\nNext: .*npx locust-cluster/);
  });

  test("tells its version from any folder", async () => {
    await expect(runCli(["--version"], { cwd: scratch })).resolves.toEqual({
      code: 0,
      stdout: "0.1.0\n",
      stderr: "",
    });
  });
});

describe.each(["prepare", "local"])("%s refuses", (command) => {
  const refuse = async (env: NodeJS.ProcessEnv, stderr: string) => {
    await expect(runCli([command], { cwd: scratch, env })).resolves.toEqual({ code: 2, stdout: "", stderr });
  };

  test("a locustfile that does not exist", async () => {
    await refuse(
      userFolder("absent", {}),
      "'locust.locustfile': absent/locust/locustfile.py does not exist\n" +
        "write the test there, or correct the path in absent/cluster.yaml\n",
    );
  });

  test("a folder without a file that Locust would load", async () => {
    const env = userFolder("bare", { "locust/_helper.py": "" });
    await refuse(
      { ...env, LOCUST_CLUSTER_LOCUST_LOCUSTFILE: "locust" },
      "bare/locust/ has no .py file that Locust would load (names that begin with _ do not count)\n" +
        "write the test into one\n",
    );
  });

  test("a locustfile of the environment by the variable's name", async () => {
    const env = userFolder("variable", { "locust/locustfile.py": TEST, "locust/notes.txt": "" });
    await refuse(
      { ...env, LOCUST_CLUSTER_LOCUST_LOCUSTFILE: "locust/locustfile.py,locust/notes.txt" },
      "LOCUST_CLUSTER_LOCUST_LOCUSTFILE is locust/locustfile.py,locust/notes.txt, but variable/locust/notes.txt is neither a .py file nor a folder\n" +
        "write the test there, or correct the path in the environment\n",
    );
  });

  test("a locustfile that is a folder", async () => {
    const env = userFolder("folder", { "locust/locustfile.py/x": "" });
    await refuse(
      env,
      "'locust.locustfile': folder/locust/locustfile.py does not exist\n" +
        "write the test there, or correct the path in folder/cluster.yaml\n",
    );
  });

  test("a locustfile that does not parse, with its line", async () => {
    const env = userFolder("syntax", { "locust/locustfile.py": TEST.replace("(HttpUser):", "(HttpUser)") });
    const { code, stderr } = await runCli([command], { cwd: scratch, env });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^syntax\/locust\/locustfile\.py:4: not valid Python 3\.\d+: expected ':'\n(if the line needs .*\n)?$/,
    );
  });

  test.each([
    ["locust.conf", "users = 5\nheadless = true\n", 2, "headless"],
    ["locust.conf", "# mine\nweb-port: 80\n", 2, "web-port"],
    ["locust.conf", "exit-code-on-error = 0\n", 1, "exit-code-on-error"],
    ["pyproject.toml", "[project]\nmaster = 1\n[tool.locust]\nmaster = true\n", 4, "master"],
  ])("a %s that would break the cluster: %j", async (file, content, line, key) => {
    const env = userFolder(`${file}-${key}`, { "locust/locustfile.py": TEST, [`locust/${file}`]: content });
    const { code, stderr } = await runCli([command], { cwd: scratch, env });
    expect(code).toBe(2);
    expect(
      stderr.startsWith(`${file}-${key}/locust/${file}:${line}: ${key} is not allowed in a cluster: `),
    ).toBe(true);
    expect(stderr.endsWith("; remove it\n")).toBe(true);
  });

  test("a locust.conf that no machine would get", async () => {
    await refuse(
      userFolder("astray", { "locust/locustfile.py": TEST, "locust.conf": "users = 5\n" }),
      "astray/locust.conf does not reach the machines, which get the folder of the test\n" +
        "move it to astray/locust/locust.conf\n",
    );
  });

  test("a folder 'locust' that is a package", async () => {
    await refuse(
      userFolder("package", { "locust/locustfile.py": TEST, "locust/__init__.py": "" }),
      "package/locust/__init__.py turns the folder into a package that hides Locust itself: remove it\n",
    );
  });

  test("a file that stands in for Locust", async () => {
    await refuse(
      userFolder("shadow", { "locust/locustfile.py": TEST, "locust/locust.py": "" }),
      "shadow/locust/locust.py hides the Python package 'locust', which Locust needs: rename it\n",
    );
  });

  test("a test folder that is too big", async () => {
    const big = Buffer.alloc(51 * 1024 * 1024);
    await refuse(
      userFolder("big", { "locust/locustfile.py": TEST, "locust/data.bin": big }),
      `the folder of the test, ${join(scratch, "big", "locust")}, holds more than 50 MiB: move the test into a folder of its own or fetch big data from elsewhere\n`,
    );
  });

  test("a misspelt key, with the place", async () => {
    const { code, stderr } = await runCli([command], {
      cwd: scratch,
      env: userFolder("key", { "cluster.yaml": "wrkers:\n  count: 2\n" }),
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/cluster\.yaml:1: .*wrkers.*workers/);
  });

  test("an unknown override", async () => {
    const { code, stderr } = await runCli([command], { env: { LOCUST_CLUSTER_WORKERS_CONT: "3" } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/LOCUST_CLUSTER_WORKERS_CONT.*LOCUST_CLUSTER_WORKERS_COUNT/);
  });
});

test("nothing was created for any of them", () => {
  const left = readdirSync(scratch, { recursive: true }).map(String);
  expect(left.filter((path) => /\.cache|tfstate|cdktf\.out|\.venv/.test(path))).toEqual([]);
});
