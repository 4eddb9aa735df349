import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { apiOf } from "../../simulator/account/clients";
import { type EmulatedCluster, succeeded } from "../../tools/trials/emulated-cluster";
import { describeEmulated } from "../helpers/emulated-suite";
import { inventory, nothing } from "../../simulator/account/inventory";

const STATE = "states";
const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deployer`;

/**
 * A `credential_process` whose keys expire after four seconds. It notes which of Terraform's plugins asked, if one did: its
 * own ancestors tell.
 */
const PROCESS = `
const { appendFileSync, readFileSync } = require("node:fs");
const stat = (pid) => readFileSync("/proc/" + pid + "/stat", "utf8");
for (let pid = process.ppid; pid > 1; pid = Number(stat(pid).split(") ").at(-1).split(" ")[1]))
  if (stat(pid).includes("(terraform-provi")) appendFileSync(process.env.ASKED, pid + "\\n");
console.log(JSON.stringify({
  Version: 1,
  AccessKeyId: process.env.KEY_ID,
  SecretAccessKey: process.env.SECRET_KEY,
  Expiration: new Date(Date.now() + 4000).toISOString(),
}));
`;

/** With the real provider and the real S3 backend, which know fewer kinds of credentials than the command line. */
describeEmulated("credentials of a profile", (suite) => {
  let asked: string;
  let brief: EmulatedCluster;
  let role: EmulatedCluster;

  beforeAll(async () => {
    const { scratch, aws, offline } = suite();
    const api = apiOf(aws.account);
    asked = join(scratch, "asked");
    const home = join(scratch, "home");
    mkdirSync(join(home, ".aws"), { recursive: true });
    writeFileSync(join(home, "keys.js"), PROCESS);
    writeFileSync(
      join(home, ".aws", "config"),
      `[profile brief]\ncredential_process = '${process.execPath}' '${join(home, "keys.js")}'\n` +
        `[profile role]\nrole_arn = ${ROLE}\nsource_profile = brief\n`,
    );
    const allow = (more: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
    const trust = allow({ Action: "sts:AssumeRole", Principal: { AWS: ACCOUNT } });
    await api.iam.send(new CreateRoleCommand({ RoleName: "deployer", AssumeRolePolicyDocument: trust }));
    const everything = allow({ Action: "*", Resource: "*" });
    const policy = { RoleName: "deployer", PolicyName: "everything", PolicyDocument: everything };
    await api.iam.send(new PutRolePolicyCommand(policy));
    await api.s3.send(new CreateBucketCommand({ Bucket: STATE }));

    const small = "workers: { count: 0 }\n";
    brief = suite().cluster("brief", small);
    role = suite().cluster("role", `${small}state: { bucket: ${STATE} }\n`);
    // Builds the environment that both share; from then on no command may reach beyond this machine.
    succeeded(await brief.locustCluster("prepare"));
    for (const each of [brief, role])
      Object.assign(each.env, offline, {
        HOME: home,
        AWS_PROFILE: each.name,
        // The keys are only to be had from the profile.
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        KEY_ID: aws.account.accessKeyId,
        SECRET_KEY: aws.account.secretAccessKey,
        ASKED: asked,
      });
    await Promise.all(
      [brief, role].map(async (each) => succeeded(await each.locustCluster("deploy", "--no-wait"))),
    );
  });

  test("are asked for again by a running Terraform when they expire", () => {
    const plugins = readFileSync(asked, "utf8").trim().split("\n");
    const times = (pid: string) => plugins.filter((each) => each === pid).length;
    expect(Math.max(...plugins.map(times))).toBeGreaterThan(2);
  });

  test("of a role reach the S3 backend too", async () => {
    expect(succeeded(await role.locustCluster("status")).output).toContain("cluster 'role'");
  });

  test("are enough to destroy the clusters, and for what Terraform calls then", async () => {
    const outputs = await Promise.all(
      [brief, role].map(async (each) => succeeded(await each.locustCluster("destroy", "--yes")).output),
    );
    for (const output of outputs) expect(output).toMatch(/has no runs to save[^]*is gone/);
    const left = await inventory(apiOf(suite().aws.account));
    expect(left).toEqual({ ...nothing, buckets: [STATE], roles: ["deployer"] });
  });
});
