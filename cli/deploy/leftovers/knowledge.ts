import { type Config, otherRegionsOf } from "../../../lib/model/config";
import { regionOfResource } from "../../../lib/model/region-ids";
import { IDENTITY, localMark, stateLocation } from "../../../lib/model/state-mark";

/** The part of a Terraform state (format 4) that is read here. */
export interface StateContent {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes?: Readonly<Record<string, unknown>> }[];
  }[];
}

/** What Terraform's states tell of a cluster. */
export interface Knowledge {
  /** Values of the tag STATE_TAG that this cluster's resources carry. */
  readonly marks: readonly string[];
  /** Whether the cluster has fleets, or had some. */
  readonly fleets: boolean;
  /** Names of the cluster's buckets, also of one that is gone. */
  readonly buckets: readonly string[];
  /** Ids, as Terraform has them, of all that the present state holds in the region that is looked at. */
  readonly ids: ReadonlySet<string>;
  /** The other regions in which something of the cluster may be: of the settings, and of the states. */
  readonly elsewhere: readonly ElsewhereKnowledge[];
}

interface ElsewhereKnowledge {
  readonly region: string;
  readonly ids: ReadonlySet<string>;
}

/**
 * Puts together what the states of a cluster tell.
 *
 * @param former the state before the last change: of a cluster that was destroyed it still has the marks
 */
export function toKnowledge(
  config: Pick<Config, "name" | "region" | "state" | "fleets">,
  present: StateContent | undefined,
  former?: StateContent,
): Knowledge {
  const all = [...instancesOf(present), ...instancesOf(former)];
  const valuesOf = (type: string, name?: string): string[] =>
    all
      .filter((each) => each.type === type && (name === undefined || each.name === name))
      .map(({ attributes }) => String(attributes["id"]));
  const location = stateLocation(config);
  const idsIn = (region: string | undefined) =>
    new Set(
      instancesOf(present).flatMap((each) => (regionOfResource(each.name) === region ? [idOf(each)] : [])),
    );
  const regions = distinct([
    ...otherRegionsOf(config),
    ...all.flatMap(({ name }) => regionOfResource(name) ?? []),
  ]);
  return {
    marks: distinct([
      ...(location === undefined ? [] : [location]),
      ...valuesOf("terraform_data", IDENTITY).map((id) => localMark(id)),
    ]),
    fleets: Object.keys(config.fleets).length > 0 || valuesOf("aws_launch_template").length > 0,
    buckets: distinct(valuesOf("aws_s3_bucket")),
    ids: idsIn(undefined),
    elsewhere: regions.map((region) => ({ region, ids: idsIn(region) })),
  };
}

/** A route has no id of its own on AWS. */
export function routeId(table: unknown, destination: unknown): string {
  return `${String(table)} ${String(destination)}`;
}

interface Instance {
  readonly type: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function instancesOf(state: StateContent | undefined): Instance[] {
  return (state?.resources ?? [])
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) =>
      instances.map(({ attributes = {} }) => ({ type, name, attributes })),
    );
}

function idOf({ type, attributes }: Instance): string {
  if (type === "aws_route")
    return routeId(attributes["route_table_id"], attributes["destination_cidr_block"]);
  return String(attributes["id"]);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
