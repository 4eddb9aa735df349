/** A launch template of a fleet that Terraform has changed (lib/constructs/machine-template.ts). */
const CHANGED = /^aws_launch_template\.fleet-(\S+)_machines_template: Modifications complete/gm;

/**
 * A sentence for each fleet whose machines are made in another way from now on.
 *
 * @param log what Terraform said
 */
export function describeChangedTemplates(log: string): readonly string[] {
  return [...log.matchAll(CHANGED)].map(
    ([, fleet]) =>
      `new machines of fleet '${fleet}' have the change; those that are up keep what they have until they leave`,
  );
}
