import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { askAgain } from "../../../../cli/commands/credentials";
import { toIni } from "../../../../cli/deploy/credentials/terraform-variables";
import { FakeHome } from "../../../aws/fake-home";
import { EMPTY_ACCOUNT, GONE, StubDeployments } from "../../stub-deployments";
import type { StubProject } from "../../stub-project";

jest.setTimeout(60_000);

const deployments = new StubDeployments();

const CONFIG = `
[profile work]
credential_process = echo '{"Version":1,"AccessKeyId":"ASIAPROCESS","SecretAccessKey":"s","SessionToken":"t"}'
region = eu-west-1
`;

/** The environment in which `destroy` ran Terraform. */
async function environmentOfTerraform(made: StubProject, env: NodeJS.ProcessEnv) {
  made.stubTerraform(`env > "${made.folder}/terraform-environment"; ${GONE}`);
  const answers = await deployments.aws(EMPTY_ACCOUNT);
  const result = await made.run(["destroy", "--yes"], { ...answers, ...env });
  expect(result).toMatchObject({ code: 0 });
  const lines = readFileSync(join(made.folder, "terraform-environment"), "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]));
}

describe("Terraform gets", () => {
  test("a profile that asks the command line, in the place of the user's", async () => {
    const made = deployments.project();
    const home = new FakeHome(join(made.folder, "home"), CONFIG);
    const env = await environmentOfTerraform(made, { HOME: home.folder, AWS_PROFILE: "work" });
    // The keys that are in this environment too would come before a profile.
    expect(env).toMatchObject({ AWS_PROFILE: "locust-cluster", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" });
    expect(Object.keys(env)).not.toContain("AWS_ACCESS_KEY_ID");

    const file = env["AWS_CONFIG_FILE"]!;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const command = /^credential_process = (.*)$/m.exec(readFileSync(file, "utf8"))![1]!;
    const said = execFileSync("sh", ["-c", command], { env, encoding: "utf8" });
    expect(JSON.parse(said)).toMatchObject({ Version: 1, AccessKeyId: "ASIAPROCESS", SessionToken: "t" });
  });

  // Names in aws-sdk-go-v2's config/env_config.go that say who one is.
  test("no other identity that it would believe before that profile", async () => {
    const made = deployments.project();
    const home = new FakeHome(join(made.folder, "home"), CONFIG);
    const foreign = {
      ...{ AWS_ACCESS_KEY: "AKIAFOREIGN", AWS_SECRET_KEY: "foreign", AWS_SESSION_TOKEN: "foreign" },
      ...{ AWS_ROLE_ARN: "arn:aws:iam::1:role/foreign", AWS_WEB_IDENTITY_TOKEN_FILE: "/foreign" },
    };
    const env = await environmentOfTerraform(made, { HOME: home.folder, AWS_PROFILE: "work", ...foreign });
    for (const name of Object.keys(foreign)) expect(Object.keys(env)).not.toContain(name);
  });

  test("no keys by names that our own SDK does not know", async () => {
    const made = deployments.project();
    const env = await environmentOfTerraform(made, { AWS_ACCESS_KEY: "AKIAFOREIGN", AWS_SECRET_KEY: "s" });
    expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: "AKIATEST" });
    for (const name of ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]) expect(Object.keys(env)).not.toContain(name);
  });

  test("keys of the environment as they are", async () => {
    const made = deployments.project();
    const home = new FakeHome(join(made.folder, "home"), CONFIG);
    const env = await environmentOfTerraform(made, { HOME: home.folder });
    expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "test" });
    expect(Object.keys(env).filter((name) => /PROFILE|FILE|LOCUST/.test(name))).toEqual([]);
  });
});

describe("a misspelt profile", () => {
  test("is told before Terraform is asked", async () => {
    const made = deployments.project();
    const home = new FakeHome(join(made.folder, "home"), CONFIG);
    const env = { HOME: home.folder, AWS_PROFILE: "wrok" };
    expect(await made.run(["deploy"], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "AWS_PROFILE names 'wrok', which does not exist; existing: work\n",
      ) as unknown,
    });
  });
});

describe("a Terraform that 'cdktf' started", () => {
  test("is refused a profile of 'aws login', which it would pass over", async () => {
    const made = deployments.project();
    const config =
      "[profile login]\nlogin_session = me\n[profile role]\nrole_arn = r\nsource_profile = login\n";
    const env = { HOME: new FakeHome(join(made.folder, "home"), config).folder, AWS_PROFILE: "role" };
    expect(await made.run(["prepare", "--by-terraform"], env)).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "Terraform cannot use the AWS profile 'role': it does not know 'aws login' (login_session of its source_profile 'login')\n" +
        "'npx locust-cluster deploy' and 'npx locust-cluster destroy' hand its credentials to Terraform\n",
    });
  });
});

describe("the profile for Terraform", () => {
  test("keeps what does not say who one is: region, endpoints, retries", () => {
    const settings = {
      sso_session: "team",
      sso_role_name: "Deployer",
      source_profile: "base",
      region: "eu-west-1",
      max_attempts: "7",
      "s3.addressing_style": "path",
      services: "local",
    };
    const sections = { "services.local": { "s3.endpoint_url": "http://127.0.0.1:9000" } };
    const [first, process, ...rest] = toIni({ settings, sections }).split("\n");
    expect(first).toBe("[profile locust-cluster]");
    expect(process).toMatch(/^credential_process = \S*node\S* \S*\/bin\/locust-cluster\.js credentials$/);
    expect(rest).toEqual([
      ...[
        "region = eu-west-1",
        "max_attempts = 7",
        "services = local",
        "s3 =",
        "  addressing_style = path",
        "",
      ],
      ...["[services local]", "s3 =", "  endpoint_url = http://127.0.0.1:9000", ""],
    ]);
  });

  test("is asked again a minute early, unless the credentials are too short for that", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const at = (seconds: number) => new Date(now + seconds * 1000);
    expect(askAgain(at(61), now)).toEqual(at(1));
    expect(askAgain(at(60), now)).toEqual(at(60));
  });
});
