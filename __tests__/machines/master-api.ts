import type { ClusterOutputs } from "../../lib/model/outputs";

export interface Statistics {
  readonly state: string;
  readonly user_count: number;
  readonly worker_count: number;
  readonly stats: readonly {
    readonly name: string;
    readonly num_requests: number;
    readonly num_failures: number;
    /** In milliseconds. */
    readonly max_response_time: number;
  }[];
}

interface Nodes {
  readonly workers_connected: number;
  readonly nodes: readonly {
    readonly name: string;
    readonly bundle: string;
    readonly environment: string;
    readonly processes: readonly { readonly state: string }[];
  }[];
}

export interface RunList {
  /** Id of the run that is under way. */
  readonly active: string | null;
  /** Newest first. */
  readonly runs: readonly { readonly id: string; readonly state: string; readonly reason: string | null }[];
}

/** The master as a program with the token uses it, from the host. */
export class MasterApi {
  constructor(private readonly outputs: Pick<ClusterOutputs, "master_url" | "api_token">) {}

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.outputs.api_token}`);
    return fetch(new URL(path, this.outputs.master_url), {
      redirect: "manual",
      signal: AbortSignal.timeout(5_000),
      ...init,
      headers,
    });
  }

  /** Worker processes that are connected, by machine; nothing while the master does not answer. */
  async connected(): Promise<Readonly<Record<string, number>>> {
    try {
      const { nodes } = (await (await this.request("/cluster/nodes")).json()) as Nodes;
      const alive = (state: string) => state !== "missing";
      return Object.fromEntries(
        nodes.map(({ name, processes }) => [name, processes.filter(({ state }) => alive(state)).length]),
      );
    } catch {
      return {};
    }
  }

  /** What each machine runs: bundle and environment; nothing while the master does not answer. */
  async content(): Promise<Readonly<Record<string, string>>> {
    try {
      const { nodes } = (await (await this.request("/cluster/nodes")).json()) as Nodes;
      return Object.fromEntries(
        nodes.map(({ name, bundle, environment }) => [name, `${bundle} ${environment}`]),
      );
    } catch {
      return {};
    }
  }

  async runs(): Promise<RunList | undefined> {
    try {
      return (await (await this.request("/cluster/runs")).json()) as RunList;
    } catch {
      return undefined;
    }
  }

  /** Times of the rows of a run's timeline, in milliseconds. */
  async timeline(run: string): Promise<readonly number[]> {
    const answer = await this.request(`/cluster/runs/${run}/timeline`);
    const { rows } = (await answer.json()) as { rows: readonly { readonly time: string }[] };
    return rows.map(({ time }) => Date.parse(time));
  }

  async statistics(): Promise<Statistics | undefined> {
    try {
      return (await (await this.request("/stats/requests")).json()) as Statistics;
    } catch {
      return undefined;
    }
  }

  async start(users: number, spawnRate: number): Promise<void> {
    const body = new URLSearchParams({ user_count: String(users), spawn_rate: String(spawnRate) });
    const answer = (await (await this.request("/swarm", { method: "POST", body })).json()) as {
      success: boolean;
    };
    if (!answer.success) throw new Error(`the test did not start: ${JSON.stringify(answer)}`);
  }

  async stop(): Promise<void> {
    await this.request("/stop", { method: "POST" });
  }
}
