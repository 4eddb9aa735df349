import type { Fleet, Manifest } from "../../protocol/generated/manifest";
import type { Config, FleetSettings, Test } from "./config";
import { toSeconds } from "./config/duration";
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
  const { name, region, machines, workers, fleets, shares, locust, access, results } = config;
  const elastic = Object.entries(fleets).map(([fleet, settings]) => [fleet, toFleet(settings, region)]);
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
    // Left out, so that the manifest of a cluster without them stays as it is.
    ...unlessEmpty("environment", workers.environment),
    ...unlessEmpty("fleets", Object.fromEntries(elastic) as Record<string, Fleet>),
    ...unlessEmpty("shares", shares),
  };
}

function toFleet({ size, max, idle, spot, environment, ...fleet }: FleetSettings, home: string): Fleet {
  return {
    region: fleet.region ?? home,
    size,
    max,
    idle: toSeconds(idle),
    spot,
    ...unlessEmpty("environment", environment),
  };
}

function unlessEmpty<Key extends string, Value extends object>(
  key: Key,
  value: Value,
): Partial<Record<Key, Value>> {
  return Object.keys(value).length === 0 ? {} : ({ [key]: value } as Record<Key, Value>);
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
  const config = { ...options.config, fleets: {}, shares: {} };
  const manifest = toManifest({ ...options, config, environments: {} });
  return {
    ...manifest,
    locust: { ...manifest.locust, host: options.host ?? null },
    login: manifest.login === "custom" ? "custom" : "none",
    https: false,
    results: null,
    expected: { workers: options.workers },
  };
}
