import type { Manifest } from "../../protocol/generated/manifest";
import type { Config, Test } from "./config";
import { resultsUrl } from "./results-place";

export interface ManifestOptions {
  readonly config: Config;
  readonly test: Test;
  /** Hash of the bundle. */
  readonly bundle: string;
  /** Name of the Python environment for each architecture; none in a local cluster. */
  readonly environments: Manifest["environments"];
}

/**
 * `bundle/current.json` as a deploy writes it.
 *
 * The order of its keys matters: Terraform compares the bytes to see whether anything changes.
 */
export function toManifest({ config, test, bundle, environments }: ManifestOptions): Manifest {
  const { name, region, machines, workers, locust, access, results } = config;
  return {
    schema: 1,
    bundle,
    environments,
    python: machines.pythonVersion,
    locust: {
      version: locust.version,
      locustfile: test.locustfiles.join(","),
      host: locust.host ?? null,
      args: locust.extraArgs,
    },
    login: access.login,
    https: access.https,
    host_names: access.hostNames,
    results: results.bucket === undefined ? null : resultsUrl(results.bucket, { region, cluster: name }),
    expected: { workers: workers.count },
  };
}

/**
 * The manifest after a push: the test, the environments and how Locust starts. Everything else stays as deployed, the order of
 * the keys too, so that a deploy of the same test finds nothing to change.
 *
 * A local cluster, which has no environments, keeps the target with which it started.
 */
export function toPushedManifest(deployed: Manifest, options: ManifestOptions): Manifest {
  const { bundle, environments, locust } = toManifest(options);
  const isLocal = Object.keys(environments).length === 0;
  const { host } = isLocal ? deployed.locust : locust;
  return { ...deployed, bundle, environments, locust: { ...locust, host } };
}

export interface LocalManifestOptions extends Omit<ManifestOptions, "environments"> {
  /** Address of the target, whatever the test says. @default - the test's own */
  readonly host?: string;
  /** Worker processes: each counts as a machine. */
  readonly workers: number;
}

/** The manifest of a local cluster. It has no generated login, since only this machine reaches the page. */
export function toLocalManifest(options: LocalManifestOptions): Manifest {
  const manifest = toManifest({ ...options, environments: {} });
  return {
    ...manifest,
    locust: { ...manifest.locust, host: options.host ?? null },
    login: manifest.login === "custom" ? "custom" : "none",
    https: false,
    results: null,
    expected: { workers: options.workers },
  };
}
