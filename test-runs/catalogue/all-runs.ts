import { explainAwsError } from "../../aws/aws-errors";
import { UserError } from "../../lib/model/user-error";
import { RUN_FILE } from "../../protocol/generated/constants";
import { apiError, explainMaster, LOCAL } from "../master/explain-master";
import { isOver, type Run, type RunSummary } from "../run/run-api";
import { damagedLocalRuns, listLocalRuns, readLocalRun } from "../sources/folder";
import type { RunSource } from "../sources/source";
import { resolveRun } from "./resolve-run";

export interface ListedRun {
  readonly run: RunSummary;
  /** Where its newest state was read: `here` is `runs/` of this clone. */
  readonly where: "here" | "master" | "bucket";
  /** Where it can be fetched from; nothing for a run that is here. */
  readonly source?: RunSource;
}

interface Listing {
  /** Newest first. */
  readonly runs: readonly ListedRun[];
  /** Places that could not be asked. */
  readonly problems: readonly UserError[];
}

/** All runs that can be found: in `runs/`, on the masters, and in the bucket. */
export class AllRuns {
  constructor(
    private readonly sources: readonly RunSource[],
    /** Places that could not even be found. */
    private readonly unknown: readonly UserError[],
  ) {}

  /** The bucket is asked when the master does not answer, or when everything is wanted. */
  async list({ everything = false } = {}): Promise<Listing> {
    const found = new Map<string, ListedRun>();
    for (const run of listLocalRuns()) found.set(run.id, { run, where: "here" });
    const problems = [...damagedLocalRuns().map(damaged), ...this.unknown];
    let masterAnswered = false;
    for (const source of this.sources) {
      if (source.name === "bucket" && masterAnswered && !everything) continue;
      try {
        for (const run of await source.list()) add(found, run, source);
        masterAnswered ||= source.name === "master";
      } catch (error) {
        problems.push(explain(error, source));
      }
    }
    const runs = [...found.values()].sort((left, right) => (left.run.id < right.run.id ? 1 : -1));
    return { runs, problems };
  }

  /**
   * The whole document of a run, from the nearest place.
   *
   * @throws UserError if no run has this name, or its place does not answer
   */
  async get({ run, source }: ListedRun): Promise<Run> {
    const here = readLocalRun(run.id);
    if (here && (isOver(here) || !source)) return here;
    return source!.run(run.id).catch((error: unknown) => {
      throw explain(error, source!);
    });
  }

  /** The run that someone means by a text; asks nobody for one that is here. */
  async find(text: string | undefined): Promise<ListedRun> {
    const here = text === undefined ? undefined : readLocalRunSafely(text);
    if (here && isOver(here)) return { run: here, where: "here" };
    const first = await this.list();
    const known = first.runs.some(({ run }) => text !== undefined && run.id.includes(text));
    const { runs, problems } = text === undefined || known ? first : await this.list({ everything: true });
    const id = resolveRun(
      text,
      runs.map(({ run }) => run.id),
      problems,
    );
    return runs.find(({ run }) => run.id === id)!;
  }

  close(): void {
    for (const source of this.sources) source.close();
  }
}

/** A local run that is over is complete. Otherwise the master knows more than a file, and a bucket's file is older. */
function add(found: Map<string, ListedRun>, run: RunSummary, source: RunSource): void {
  const known = found.get(run.id);
  if (known && isOver(known.run)) return;
  if (source.name === "bucket" && known?.source) return;
  found.set(run.id, { run, where: source.name === "local" ? "here" : source.name, source });
}

function damaged(id: string): UserError {
  return new UserError(`${RUN_FILE} in runs/${id} is damaged`, {
    hint: `remove that folder, and 'pull' fetches the run again if its cluster still has it`,
  });
}

function explain(error: unknown, { name }: RunSource): UserError {
  if (error instanceof UserError) return error;
  if (name === "bucket") return explainAwsError(error, "the runs in the bucket could not be read");
  const told = explainMaster(error, name === "local" ? LOCAL : "the cluster");
  if (told instanceof UserError && !apiError(error)) return new UserError(told.message, { cause: error });
  if (told instanceof UserError) return told;
  throw error;
}

function readLocalRunSafely(text: string): Run | undefined {
  try {
    return readLocalRun(text);
  } catch {
    return undefined;
  }
}
