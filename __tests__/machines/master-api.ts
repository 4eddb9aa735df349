import type { ClusterOutputs } from "../../lib/outputs";

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
    readonly processes: readonly { readonly state: string }[];
  }[];
}

/** The master as a program with the token uses it, from the host. */
export class MasterApi {
  constructor(private readonly outputs: Pick<ClusterOutputs, "master_url" | "api_token">) {}

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.outputs.api_token}`, ...init.headers };
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
