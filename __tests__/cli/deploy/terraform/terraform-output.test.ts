import { TerraformOutput } from "../../../../cli/deploy/terraform/terraform-output";

const ESC = "\u001b[";
const ERASE = `${ESC}2K${ESC}1A${ESC}2K${ESC}1A${ESC}2K${ESC}G`;
const STATUS = `\n\n1 Stack deploying     0 Stacks done     0 Stacks waiting\n${ERASE}`;

/** What cdktf 0.21 writes to a pipe, shortened. */
const DEPLOY = [
  `\n⠋  Synthesizing\n${ERASE}\n⠙  Synthesizing\n${ERASE}\n`,
  `locust  ${ESC}0m${ESC}1mInitializing the backend...${ESC}0m\n`,
  "        - terraform.io/builtin/terraform is built in to Terraform\n",
  STATUS,
  "locust  Terraform used the selected providers to generate the following execution plan.\n",
  `        ${ESC}1m  # aws_vpc.network_vpc (network/vpc)${ESC}0m will be created\n`,
  `        ${ESC}0m  ${ESC}32m+${ESC}0m${ESC}0m resource "aws_vpc" "network_vpc" {\n          }\n`,
  `        ${ESC}1mPlan:${ESC}0m 42 to add, 0 to change, 0 to destroy.\n`,
  STATUS,
  `locust  ${ESC}0m${ESC}1maws_vpc.network_vpc: Creating...${ESC}0m${ESC}0m\n`,
  `        ${ESC}0m${ESC}1maws_vpc.network_vpc: Creation complete after 1s [id=vpc-1]${ESC}0m\n`,
  `        ${ESC}0m${ESC}1maws_instance.workers[3]: Still creating... [10s elapsed]${ESC}0m\n`,
  `        ${ESC}0m${ESC}1mterraform_data.files (local-exec):${ESC}0m ${ESC}0mExecuting: ["/bin/sh" "-c" "…"]\n`,
  `        ${ESC}0m${ESC}1mterraform_data.files (local-exec):${ESC}0m ${ESC}0mfetching packages for arm64\n`,
  `locust  ${ESC}0m${ESC}1m${ESC}32m\n        Apply complete! Resources: 42 added, 0 changed, 0 destroyed.\n`,
  `        Outputs:\n\n        ${ESC}0mweb_password = <sensitive>\n`,
].join("");

const ERROR = [
  "╷",
  "│ Error: creating EC2 Instance: InsufficientInstanceCapacity",
  "│ ",
  "│   with aws_instance.workers[0]",
  "╵",
];
const WARNING = ["╷", "│ Warning: Unable to open CLI configuration file", "│ ", "╵"];

function read(...pieces: (readonly ["stdout" | "stderr", string])[]) {
  const lines: string[] = [];
  const output = new TerraformOutput((line) => lines.push(line));
  for (const [stream, text] of pieces) output.push(stream, text);
  output.end();
  return { lines, sawError: output.sawError };
}

describe("TerraformOutput", () => {
  const wanted = [
    "Plan: 42 to add, 0 to change, 0 to destroy.",
    "aws_vpc.network_vpc: Creation complete after 1s",
    "aws_instance.workers[3]: Still creating... [10s elapsed]",
    "terraform_data.files (local-exec): fetching packages for arm64",
    "Apply complete! Resources: 42 added, 0 changed, 0 destroyed.",
  ];

  test("shows what is at work, without spinner, plan, outputs and control sequences", () => {
    expect(read(["stdout", DEPLOY])).toEqual({ lines: wanted, sawError: false });
  });

  test("does not care how the stream is cut into pieces", () => {
    const letters = DEPLOY.split("").map((letter) => ["stdout", letter] as const);
    expect(read(...letters).lines).toEqual(wanted);
  });

  test("shows an error whole and once, though it is written to both streams", () => {
    const onStdout = ERROR.map((line, index) => `${index === 0 ? "locust  " : "        "}${line}\n`).join("");
    const { lines, sawError } = read(["stdout", onStdout], ["stderr", `${ERROR.join("\n")}\n`]);
    expect(lines).toEqual(ERROR.map((line) => line.trimEnd()));
    expect(sawError).toBe(true);
  });

  test("keeps Terraform's complaint about the user's own settings to the log", () => {
    expect(read(["stderr", `${WARNING.join("\n")}\n`])).toEqual({ lines: [], sawError: false });
  });

  test("shows a type error of synthesis", () => {
    const { lines } = read([
      "stderr",
      "main.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    ]);
    expect(lines).toHaveLength(1);
  });
});
