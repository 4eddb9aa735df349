import { describeChangedTemplates } from "../../../../cli/deploy/terraform/changed-templates";
import { synth } from "../../../lib/synth";

const EU = "aws_launch_template.fleet-eu-west_machines_template";

test("says which fleet has machines that keep what they have", () => {
  const log = [
    `${EU}: Modifying... [id=lt-0123456789abcdef0]`,
    "aws_autoscaling_group.fleet-us_group: Modifications complete after 1s [id=shop-us-01234567]",
    "aws_launch_template.fleet-us_machines_template: Creation complete after 1s [id=lt-1]",
    `${EU}: Modifications complete after 0s [id=lt-0123456789abcdef0]`,
  ].join("\n");
  expect(describeChangedTemplates(log)).toEqual([
    "new machines of fleet 'eu-west' have the change; those that are up keep what they have until they leave",
  ]);
});

test("knows the template by the name that synthesis gives it", () => {
  const { resource } = synth("fleets: { eu-west: {} }");
  expect(Object.keys(resource["aws_launch_template"] ?? {})).toEqual([EU.split(".")[1]]);
});
