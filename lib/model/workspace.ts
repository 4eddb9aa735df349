import { UserError } from "./user-error";

/** The workspace that Terraform has without being asked. */
export const WORKSPACE = "default";

/**
 * Refuses another workspace of Terraform: it has its own state, which `cluster.yaml` does not name, and its
 * resources would carry the tag of the first. Each workspace would take the other's resources for leftovers.
 *
 * @throws UserError
 */
export function checkWorkspace({ TF_WORKSPACE: workspace }: NodeJS.ProcessEnv = process.env): void {
  if (!workspace || workspace === WORKSPACE) return;
  throw new UserError(
    `TF_WORKSPACE is '${workspace}', but a cluster has one state only, in the workspace '${WORKSPACE}'`,
    { hint: "unset TF_WORKSPACE; a second cluster needs another 'name' in cluster.yaml" },
  );
}
