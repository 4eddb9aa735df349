/** Variables that choose the cluster: without them the same command works on another one, or on none. */
export const CHOICES = [
  "LOCUST_CLUSTER_CONFIG",
  "LOCUST_CLUSTER_NAME",
  "LOCUST_CLUSTER_REGION",
  "LOCUST_CLUSTER_STATE_BUCKET",
];

/**
 * A command of ours as the user must type it next, for the cluster that this command worked on. An empty variable counts as
 * not set, as it does for the settings. A running simulation is found without them (cli/deploy/simulation/inside-simulation.ts).
 */
export function commandLine(words: string, env: NodeJS.ProcessEnv = process.env): string {
  const choices = (env["CLUSTER_SIMULATION"] ? [] : CHOICES).flatMap((name) => {
    const value = env[name];
    return !value ? [] : [`${name}=${shellWord(value)} `];
  });
  return `${choices.join("")}npx locust-cluster ${words}`;
}

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
