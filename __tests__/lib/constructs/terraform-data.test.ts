import { Testing, TerraformStack } from "cdktf";
import { TerraformData } from "../../../lib/constructs/terraform-data";

function stack(): TerraformStack {
  const made = new TerraformStack(Testing.app(), "test");
  new TerraformData(made, "data", {
    input: { a: "1" },
    triggersReplace: { b: "2" },
    lifecycle: {
      ignoreChanges: ["input"],
      precondition: [{ condition: "${true}", errorMessage: "never." }],
    },
  });
  return made;
}

describe("TerraformData", () => {
  test("is Terraform's own terraform_data", () => {
    expect(JSON.parse(Testing.synth(stack()))).toMatchObject({
      resource: {
        terraform_data: {
          data: {
            input: { a: "1" },
            triggers_replace: { b: "2" },
            lifecycle: {
              ignore_changes: ["input"],
              precondition: [{ condition: "${true}", error_message: "never." }],
            },
          },
        },
      },
    });
  });

  test("writes conditions as blocks in HCL", () => {
    const hcl = (Testing.synthHcl(stack()) as string).replace(/\s+/g, " ");
    expect(hcl).toContain('precondition { condition = "${true}" error_message = "never." }');
    expect(hcl).toContain('input = { a = "1" }');
  });

  test("asks no program for its version", () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nonexistent";
    try {
      expect(() => Testing.synth(stack(), true)).not.toThrow();
    } finally {
      process.env["PATH"] = path;
    }
  });
});
