import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { CERTIFICATE_HOST } from "../../lib/model/outputs";
import type { Fleet, Fleets, Health, ScaleRequest } from "../../protocol/generated/api";
import { CLUSTER_HEADER } from "../../protocol/generated/constants";
import type { ClusterNodes } from "./master-api";
import { MasterStatusError, MasterTimeoutError, MasterUnreachableError } from "./master-errors";
import { toPath, type Call } from "./route";

/** As Node names it in an answer. */
const HEADER = CLUSTER_HEADER.toLowerCase();

export interface MasterClientOptions {
  readonly url: string;
  /** Bearer token; without one, only the open routes answer. @default - none */
  readonly token?: string;
  /** PEM certificate that the master serves. @default - none */
  readonly certificate?: string;
  /** Id of the local cluster; an answer of another one is an error. @default - any cluster */
  readonly clusterId?: string;
  /** @default 5000 */
  readonly timeoutMs?: number;
}

/** The master's HTTP API. */
export class MasterClient {
  private readonly agent: HttpAgent;
  private readonly timeoutMs: number;

  constructor(private readonly options: MasterClientOptions) {
    this.timeoutMs = options.timeoutMs ?? 5000;
    // The certificate is the cluster's own and issued for a fixed name: the address of the master may change.
    this.agent = options.url.startsWith("https:")
      ? new HttpsAgent({ ca: options.certificate, servername: CERTIFICATE_HOST, keepAlive: true })
      : new HttpAgent({ keepAlive: true });
  }

  health(): Promise<Health> {
    return this.get<Health>("/cluster/health");
  }

  nodes(): Promise<ClusterNodes> {
    return this.get<ClusterNodes>("/cluster/nodes");
  }

  /** A master that does not answer is a state of the cluster, not an error of ours; a refused token is one. */
  async nodesOrError(): Promise<ClusterNodes | Error> {
    try {
      return await this.nodes();
    } catch (error) {
      if (error instanceof MasterStatusError && error.status === 401) throw error;
      return error as Error;
    }
  }

  /** By their names. */
  async fleets(): Promise<Readonly<Record<string, Fleet>>> {
    const { fleets } = await this.get<Fleets>("/cluster/fleets");
    return fleets;
  }

  /** Sets a fleet by hand, for the time of its `idle`. */
  scaleFleet(name: string, machines: number): Promise<Fleet> {
    return this.put<Fleet>({ machines } satisfies ScaleRequest, "/cluster/fleets/{name}", { name });
  }

  close(): void {
    this.agent.destroy();
  }

  protected get<Answer>(...from: Call<"get">): Promise<Answer> {
    return this.ask<Answer>("GET", toPath(from));
  }

  protected post<Answer>(body: unknown, ...to: Call<"post">): Promise<Answer> {
    return this.ask<Answer>("POST", toPath(to), JSON.stringify(body));
  }

  protected put<Answer>(body: unknown, ...to: Call<"put">): Promise<Answer> {
    return this.ask<Answer>("PUT", toPath(to), JSON.stringify(body));
  }

  protected delete<Answer>(...what: Call<"delete">): Promise<Answer> {
    return this.ask<Answer>("DELETE", toPath(what));
  }

  /** An answer that is read as it comes; silence is limited, its length is not. */
  protected async open(path: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const url = this.href(path);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        reject(error instanceof MasterTimeoutError ? error : new MasterUnreachableError("GET", url, error));
      };
      const request = this.begin("GET", url, { headers: this.headers(headers) }, resolve);
      request.setTimeout(this.timeoutMs, () => {
        request.destroy(new MasterTimeoutError("GET", url, this.timeoutMs));
      });
      request.on("error", fail).end();
    });
  }

  private async ask<Answer>(method: string, path: string, content?: string): Promise<Answer> {
    const url = this.href(path);
    const { status, body } = await this.send(method, url, content);
    if (status < 200 || status > 299) throw new MasterStatusError(method, url, status, body);
    try {
      return JSON.parse(body) as Answer;
    } catch {
      throw new MasterStatusError(method, url, status, JSON.stringify({ error: { message: "not JSON" } }));
    }
  }

  private send(method: string, url: string, content?: string): Promise<{ status: number; body: string }> {
    const headers = this.headers({
      accept: "application/json",
      ...(content === undefined ? {} : { "content-type": "application/json" }),
    });
    return new Promise((resolve, reject) => {
      // One limit for the whole exchange: a master that trickles its answer is as silent as one that says nothing.
      const signal = AbortSignal.timeout(this.timeoutMs);
      let connected = false;
      const fail = (error: Error) => {
        if (!signal.aborted) reject(new MasterUnreachableError(method, url, error));
        else if (connected) reject(new MasterTimeoutError(method, url, this.timeoutMs));
        else reject(new MasterUnreachableError(method, url, noConnection(error)));
      };
      const request = this.begin(method, url, { headers, signal }, (response) => {
        read(response).then((body) => {
          resolve({ status: response.statusCode ?? 0, body });
        }, fail);
      });
      request.on("socket", (socket) => {
        if (socket.connecting) socket.once("connect", () => (connected = true));
        else connected = true;
      });
      request.on("error", fail).end(content);
    });
  }

  private begin(
    method: string,
    url: string,
    options: RequestOptions,
    onResponse: (response: IncomingMessage) => void,
  ): ClientRequest {
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    const { clusterId } = this.options;
    const sent = request(url, { method, agent: this.agent, ...options }, (response) => {
      const isMeant = !clusterId || response.headers[HEADER] === clusterId;
      if (isMeant) onResponse(response);
      else sent.destroy(new Error("another program answers there"));
    });
    return sent;
  }

  private headers(more: Readonly<Record<string, string>>): Record<string, string> {
    const { token, clusterId } = this.options;
    return {
      ...more,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(clusterId ? { [HEADER]: clusterId } : {}),
    };
  }

  private href(path: string): string {
    return new URL(path, this.options.url).href;
  }
}

/** A machine that is stopped, or a firewall, answers nothing at all; the system would wait for minutes. */
function noConnection(error: Error): NodeJS.ErrnoException {
  return Object.assign(new Error("no connection", { cause: error }), { code: "ETIMEDOUT" });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
