import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../cli/stub-project";
import { FakeHome, later } from "./fake-home";

jest.setTimeout(60_000);

const ROLE = "arn:aws:iam::123456789012:role/deployer";
const LOGIN = "arn:aws:iam::123456789012:user/me";
const CONFIG = `
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = keys

[profile process]
credential_process = echo '{"Version":1,"AccessKeyId":"ASIAPROCESS","SecretAccessKey":"s","SessionToken":"t","Expiration":"2040-01-01T00:00:00Z"}'

[profile broken-process]
credential_process = echo 'the vault is locked' >&2; exit 1

[profile role]
role_arn = ${ROLE}
source_profile = keys

[profile role-of-environment]
role_arn = ${ROLE}
credential_source = Environment

[profile role-of-login]
role_arn = ${ROLE}
source_profile = login

[profile mfa]
role_arn = ${ROLE}
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/me

[profile over-mfa]
role_arn = ${ROLE}
source_profile = mfa

[profile lost]
role_arn = ${ROLE}
source_profile = gone

[profile sso]
sso_session = team
sso_account_id = 123456789012
sso_role_name = Deployer
region = us-east-1

[sso-session team]
sso_start_url = https://team.awsapps.com/start
sso_region = us-east-1

[profile login]
login_session = ${LOGIN}
region = us-east-1
`;

let scratch: string;
let home: FakeHome;
let server: Server;
/** What was asked, and with which key it was signed. */
let asked: string[] = [];

/** Answers as STS, as the portal of IAM Identity Center, and as the service behind `aws login`. */
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "locust-cluster-credentials-"));
  home = new FakeHome(scratch, CONFIG);
  server = createServer((request, response) => {
    const key = /Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1] ?? "no key";
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push(`${path} ${key}`);
    request.resume().on("end", () => response.end(ANSWERS[path]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(scratch, { recursive: true });
});

const expiration = later(3600);
const keys = { accessKeyId: "ASIASSO", secretAccessKey: "s", sessionToken: "t" };
const ANSWERS: Readonly<Record<string, string>> = {
  "/":
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>" +
    `<SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  "/federation/credentials": JSON.stringify({
    roleCredentials: { ...keys, expiration: Date.parse(expiration) },
  }),
  "/v1/token": JSON.stringify({
    accessToken: { ...keys, accessKeyId: "ASIARENEWED" },
    tokenType: "aws_sigv4",
    expiresIn: 900,
    refreshToken: "next",
  }),
};

async function credentials(profile: string | undefined, env: NodeJS.ProcessEnv = {}) {
  const { port } = server.address() as AddressInfo;
  const variables = {
    HOME: scratch,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
    ...env,
  };
  const { code, stdout, stderr } = await runCli(["credentials"], { env: variables });
  return code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : { code, stderr };
}

const NOBODY = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "env" };

describe("the command line takes", () => {
  test("keys of a profile, which do not expire", async () => {
    const answer = { Version: 1, AccessKeyId: "AKIAKEYS", SecretAccessKey: "keys" };
    expect(await credentials("keys")).toEqual(answer);
    // A profile that was asked for comes before keys in the environment.
    expect(await credentials("keys", NOBODY)).toEqual(answer);
    expect(await credentials(undefined, NOBODY)).toMatchObject({ AccessKeyId: "AKIAENV" });
  });

  test("a credential_process, whose keys are asked for again a minute before they expire", async () => {
    expect(await credentials("process")).toEqual({
      Version: 1,
      AccessKeyId: "ASIAPROCESS",
      SecretAccessKey: "s",
      SessionToken: "t",
      Expiration: "2039-12-31T23:59:00.000Z",
    });
  });

  test("a role, by the keys of another profile or of the environment", async () => {
    expect(await credentials("role")).toMatchObject({ AccessKeyId: "ASIAROLE" });
    expect(await credentials("role-of-environment", NOBODY)).toMatchObject({ AccessKeyId: "ASIAROLE" });
    expect(asked).toEqual(["/ AKIAKEYS", "/ AKIAENV"]);
  });

  test("a session of 'aws sso login'", async () => {
    home.ssoToken("team");
    expect(await credentials("sso")).toMatchObject({ AccessKeyId: "ASIASSO", SessionToken: "t" });
  });

  test("a session of 'aws login', renewed when it is about to expire", async () => {
    home.loginToken(LOGIN, 900);
    expect(await credentials("login")).toMatchObject({ AccessKeyId: "ASIACACHED" });
    home.loginToken(LOGIN, 60);
    expect(await credentials("login")).toMatchObject({ AccessKeyId: "ASIARENEWED" });
    expect(await credentials("role-of-login")).toMatchObject({ AccessKeyId: "ASIAROLE" });
    expect(asked).toEqual(["/v1/token no key", "/ ASIARENEWED"]);
  });
});

describe("the command line names the profile", () => {
  const HINT = (profile: string) =>
    `create it with 'aws configure --profile ${profile}'; files: ~/.aws/config and ~/.aws/credentials, unless AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name others\n`;
  const ALL =
    "keys, process, broken-process, role, role-of-environment, role-of-login, mfa, over-mfa, lost, sso, login";
  const EXPORT = (profile: string) =>
    `take its credentials into this shell: eval "$(aws configure export-credentials --profile ${profile} --format env)"; unset AWS_PROFILE\n`;

  test.each([
    [
      "loign",
      `AWS_PROFILE names 'loign', which does not exist; existing: ${ALL}\nchoose one of those, or ${HINT("loign")}`,
    ],
    [
      "lost",
      `source_profile of 'lost' names 'gone', which does not exist; existing: ${ALL}\nchoose one of those, or ${HINT("gone")}`,
    ],
    [
      "mfa",
      `the AWS profile 'mfa' requires an MFA code (mfa_serial), which this command cannot ask for\n${EXPORT("mfa")}`,
    ],
    [
      "over-mfa",
      `the AWS profile 'over-mfa' requires an MFA code (mfa_serial of its source_profile 'mfa'), which this command cannot ask for\n${EXPORT("over-mfa")}`,
    ],
    [
      "broken-process",
      "the AWS profile 'broken-process' gives no credentials: the vault is locked\n" +
        "see what the AWS command line says: aws sts get-caller-identity --profile broken-process\n",
    ],
  ])("%s", async (profile, stderr) => {
    expect(await credentials(profile, { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" })).toEqual({
      code: 2,
      stderr,
    });
  });

  test("of which there is none: nothing to choose from", async () => {
    const none = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    expect(await credentials("loign", none)).toEqual({
      code: 2,
      stderr: `AWS_PROFILE names 'loign', which does not exist; no profiles exist\n${HINT("loign")}`,
    });
  });

  test("of a session that has ended, with the command that begins another", async () => {
    const ended = new FakeHome(join(scratch, "ended"), CONFIG);
    ended.write("sso/cache/nothing", "");
    expect(await credentials("sso", { HOME: ended.folder })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^the AWS profile 'sso' gives no credentials: .*\nlog in again: aws sso login --profile sso\n$/,
      ) as unknown,
    });
    expect(await credentials("role-of-login", { HOME: ended.folder })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^the AWS profile 'role-of-login' gives no credentials: .*\nlog in again: aws login --profile login\n$/,
      ) as unknown,
    });
  });
});
