import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { followRun, howToAttach, RunLostError } from "../../../../cli/commands/run/follow";
import { Terminal } from "../../../../cli/terminal/terminal";
import { startRun } from "../../../../test-runs/master/start-run";
import type { Run } from "../../../../test-runs/run/run-api";
import { run, running } from "../../../test-runs/recorded-run";
import { localClusterAt } from "./local-cluster";

/** What the master does with a request: a run, a status, or no answer at all. */
type Answer = Run | number | "hang up";

let server: Server;
let answers: Answer[];
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // The last answer holds.
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer === "hang up") return request.socket.destroy();
    const found = typeof answer === "number" ? answer : 200;
    const body =
      typeof answer === "number"
        ? { error: { code: answer === 404 ? "run_not_found" : "internal_error", message: "no such run" } }
        : answer;
    return response.writeHead(found).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function cluster() {
  return localClusterAt((server.address() as AddressInfo).port);
}

function terminal() {
  const stream = new PassThrough();
  return {
    terminal: new Terminal(stream as unknown as NodeJS.WriteStream),
    text: () => String(stream.read() ?? ""),
  };
}

async function follow(list: Answer[], more: { signal?: AbortSignal; isGone?: () => boolean } = {}) {
  answers = list;
  const { terminal: output, text } = terminal();
  const { signal = new AbortController().signal, isGone } = more;
  const followed = cluster();
  const result = await followRun({ cluster: followed, id: run().id, terminal: output, signal, isGone })
    .catch((error: unknown) => error)
    .finally(() => followed.client.close());
  return { result, text: text() };
}

describe("followRun", () => {
  test("gives the run when it is over", async () => {
    const { result, text } = await follow([running(), run()]);
    expect(result).toMatchObject({ state: "finished" });
    expect(text).toMatch(/^running .*500 users.*\n$/);
  });

  test("asks for the summary until the run is over, and for the whole of it once", async () => {
    await follow([running(), run()]);
    const path = `GET /cluster/runs/${run().id}`;
    expect(asked).toEqual([`${path}?fields=summary`, `${path}?fields=summary`, path]);
  });

  test("tells which machines have joined while it scales", async () => {
    const eu = { asked: 10, started: 6, joined: 4, problem: null, kept: null };
    const scaling = running({ state: "scaling", now: null, fleets: { eu } });
    const { text } = await follow([scaling, scaling, running(), run()]);
    expect(text).toMatch(/^scaling {2}eu: 4 of 10 machines joined, 6 started\nrunning .*\n$/);
  });

  test("goes on after a lost connection, and says so", async () => {
    const { result, text } = await follow([running(), "hang up", 503, run()]);
    expect(result).toMatchObject({ state: "finished" });
    expect(text).toMatch(/connection lost \(GET .* failed: ECONNRESET\): trying again …\n/);
    expect(text).toMatch(/connected again after \d+s\n/);
  });

  test("ends when the user has enough, and stops nothing", async () => {
    const { result } = await follow([running()], { signal: AbortSignal.timeout(500) });
    expect(result).toBeUndefined();
    expect(asked.every((request) => request.startsWith("GET "))).toBe(true);
  });

  test("ends when the master does not know the run any more", async () => {
    const { result } = await follow([running(), 404]);
    expect(result).toEqual(
      new RunLostError(
        "the master of the local cluster does not know run 20261121-110432-checkout (any more)",
      ),
    );
  });

  test("ends when the cluster itself is gone", async () => {
    const { result } = await follow([running(), "hang up"], { isGone: () => true });
    expect(result).toEqual(new RunLostError("the local cluster has ended during the run"));
  });
});

describe("startRun", () => {
  test("finds its run when the answer was lost on the way", async () => {
    const started = running({ created: new Date().toISOString() });
    answers = ["hang up", { active: started.id, runs: [] } as never, started];
    const to = cluster();
    await expect(startRun(to, { name: "checkout" })).resolves.toMatchObject({ id: started.id });
    to.client.close();
  });

  test("does not take another's run for its own", async () => {
    const other = running({ name: "search", created: new Date().toISOString() });
    answers = ["hang up", { active: other.id, runs: [] } as never, other];
    const to = cluster();
    await expect(startRun(to, { name: "checkout" })).rejects.toThrow("does not answer: POST");
    to.client.close();
  });
});

test("a watch that ends early shows each command in a line of its own", () => {
  expect(howToAttach("20261121-110432-checkout").split("\n")).toEqual([
    "watch  npx locust-cluster attach 20261121-110432-checkout",
    "end    npx locust-cluster stop",
  ]);
});
