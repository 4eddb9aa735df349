/** Fields taken from this package's own package.json. */
export interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** cdktf-cli loads it at its start; its own binaries end at Node 22 (docs/decisions.md). */
const TERMINAL = "@cdktf/node-pty-prebuilt-multiarch";

/** package.json of a new project, which gets this package from `source`. */
export function packageDocument(project: string, own: OwnPackage, source: string): object {
  const { [TERMINAL]: terminal = "", ...optionalDependencies } = own.optionalDependencies;
  return {
    name: project,
    version: "0.0.0",
    private: true,
    engines: own.engines,
    // exec: the signal that ends npm reaches the cluster.
    scripts: { start: `exec ${own.name} local` },
    dependencies: sorted({ ...own.peerDependencies, [own.name]: source }),
    optionalDependencies,
    // npm takes overrides of the project itself only, never of a dependency.
    overrides: { [TERMINAL]: terminal },
  };
}

function sorted(packages: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}
