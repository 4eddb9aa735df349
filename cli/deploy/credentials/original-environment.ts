/**
 * The user's AWS settings on their way through Terraform: it gets others (terraform-variables.ts), and our commands that it
 * calls need the user's own. Not LOCUST_CLUSTER_…: those are settings of cluster.yaml.
 */
const VARIABLE = "LOCUST_AWS_ENVIRONMENT";

const isAws = (name: string): boolean => name.startsWith("AWS_");

export function packEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    [VARIABLE]: JSON.stringify(Object.fromEntries(Object.entries(env).filter(([name]) => isAws(name)))),
  };
}

/** Puts the user's AWS settings back into this process. Without the variable they are there already. */
export function unpackEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  const packed = env[VARIABLE];
  if (packed === undefined) return;
  for (const name of Object.keys(env)) if (isAws(name)) delete env[name];
  delete env[VARIABLE];
  Object.assign(env, JSON.parse(packed));
}
