/** One thing that is wrong with cluster.yaml. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[];
  /** One sentence with the key, the allowed values and the given one. */
  readonly message: string;
}
