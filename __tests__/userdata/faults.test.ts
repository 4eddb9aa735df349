import { ENVIRONMENT, Machine, PYTHON_VERSION } from "./machine";

const CURRENT = "bundle/current.json";
const RECORD = "nodes/AROAEXAMPLE%3Ai-0123456789abcdef0.json";
const ARCHIVE = `env/${ENVIRONMENT}.tar.gz`;
const CURRENT_URL = `https://load-bucket.s3.eu-central-1.amazonaws.com/${CURRENT}`;

let machine: Machine;
beforeEach(() => (machine = new Machine("worker")));
afterEach(() => machine.remove());

function requests(key: string): number {
  return machine.calls().filter((call) => call === `curl GET ${key}`).length;
}

describe("a bucket that is not ready", () => {
  test("is asked again, less and less often, while it answers 404, 403, 503 or not at all", () => {
    machine.answer("GET", CURRENT, 404, 403, 503, "000", 403);

    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    const pauses = machine.calls().filter((call) => call.startsWith("sleep"));
    expect(pauses.map((call) => /\d+/.exec(call)?.[0])).toEqual(["1", "2", "4", "8", "15"]);
    const log = machine.read("var/log/user-data.log");
    expect(log).toContain(`store: ${CURRENT}: 403 Code403: the bucket says 403; again in 2 s\n`);
    expect(log).toContain(`store: ${CURRENT}: curl: (28) Connection timed out; again in 8 s\n`);
    expect(machine.lastSent().state).toBe("starting");
  });

  test("that does not know the request fails at once, in S3's words", () => {
    machine.answer("GET", CURRENT, 400);

    expect(machine.bootstrap()).toMatchObject({ status: 1 });

    expect(requests(CURRENT)).toBe(1);
    const { state, failure } = machine.lastSent();
    expect(state).toBe("failed");
    expect(failure).toMatchObject({
      step: "store",
      exit_code: 1,
      message: `${CURRENT_URL} answered 400 Code400: the bucket says 400`,
    });
    expect(failure?.log.length).toBeLessThanOrEqual(20);
    expect(failure?.log.at(-1)).toContain("store: failed with exit code 1: ");
  });

  test("that never answers is a failure, told as soon as it can be, and mended by the next attempt", () => {
    machine.answer("GET", CURRENT, "000 always");
    machine.answer("PUT", RECORD, "000 always");
    expect(machine.bootstrap({ RETRY_SECONDS: "1" })).toMatchObject({ status: 1 });
    expect(machine.sent()).toEqual([]);
    const message = `${CURRENT_URL} did not come in 1 s, last answer: curl: (28) Connection timed out`;
    expect(machine.read("var/log/user-data.log")).toContain(`store: failed with exit code 1: ${message}\n`);

    machine.answer("GET", CURRENT);
    machine.answer("PUT", RECORD);
    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    const sent = machine.sent();
    expect(sent[0]).toMatchObject({ state: "failed", failure: { step: "store", message } });
    expect(sent.at(-1)).toMatchObject({ state: "starting", failure: null });
  });

  test("that takes no records does not hold up the boot", () => {
    machine.answer("PUT", RECORD, "403 always");

    expect(machine.bootstrap()).toMatchObject({ status: 0 });

    expect(machine.calls().at(-1)).toBe("systemctl restart --no-block locust-agent.service");
    expect(JSON.parse(machine.read("var/lib/locust-cluster/ledger.json"))).toMatchObject({
      state: "starting",
    });
  });
});

describe("a damaged archive", () => {
  test.each([
    ["environment", () => ARCHIVE, 2],
    ["bundle", () => `bundle/${machine.bundle}.zip`, 1],
  ])("fails the step '%s', and the next attempt asks for it again", (step, keyOf, code) => {
    const key = keyOf();
    const healthy = machine.get(key);
    machine.put(key, healthy.subarray(0, healthy.length / 2));

    expect(machine.bootstrap()).toMatchObject({ status: code });

    expect(machine.lastSent()).toMatchObject({
      state: "failed",
      stage: step,
      failure: { step, exit_code: code, message: `${key} is damaged, or there is no room for it` },
    });
    expect(machine.lastSent().failure?.log.join("\n")).toMatch(
      /Unexpected EOF|unexpected end of file|BadZipFile/i,
    );
    expect(machine.has("opt/locust-cluster/current")).toBe(false);

    machine.put(key, healthy);
    expect(machine.bootstrap()).toMatchObject({ status: 0 });
    expect(requests(key)).toBe(2);
  });

  test("keeps the machine 'failed' until its step is passed, so that nobody misses it", () => {
    machine.put(ARCHIVE, "no archive");
    machine.bootstrap();
    const first = machine.sent().length;

    machine.bootstrap();

    const again = machine.sent().slice(first);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ state, failure }) => state === "failed" && failure?.step === "environment")).toBe(
      true,
    );
  });
});

describe("a full disk", () => {
  test("gets room for the record of the failure from a download that was broken off", () => {
    machine.answer("GET", ARCHIVE, 400);
    machine.fill("var/lib/locust-cluster/download/archive");

    expect(machine.bootstrap()).toMatchObject({ status: 1 });

    expect(machine.lastSent()).toMatchObject({ state: "failed", failure: { step: "environment" } });
  });

  test("gets room for it from an archive that is half unpacked", () => {
    machine.put(ARCHIVE, machine.get(ARCHIVE).subarray(0, 30));
    machine.fill("opt/locust-cluster/env/*.new");

    expect(machine.bootstrap()).toMatchObject({ status: 2 });

    expect(machine.lastSent()).toMatchObject({ state: "failed", failure: { step: "environment" } });
  });

  test("that stays full leaves the record that was there, and no empty one is sent", () => {
    machine.fill("opt/locust-cluster/bundle/*");

    expect(machine.bootstrap()).toMatchObject({ status: 1 });

    const before = { state: "booting", stage: "bundle", failure: null };
    expect(JSON.parse(machine.read("var/lib/locust-cluster/ledger.json"))).toMatchObject(before);
    expect(machine.lastSent()).toMatchObject(before);
  });
});

describe("an image of another Python", () => {
  test("fails with the setting to change, before anything is downloaded", () => {
    machine.remove();
    machine = new Machine("worker", "3.99");

    expect(machine.bootstrap()).toMatchObject({ status: 1 });

    expect(machine.lastSent().failure).toMatchObject({
      step: "environment",
      message: `image debian-13 has Python ${PYTHON_VERSION}, not 3.99: set machines.pythonVersion to "${PYTHON_VERSION}"`,
    });
    expect(requests(ARCHIVE)).toBe(0);
  });
});

describe("metadata without tags", () => {
  test("fails with a sentence", () => {
    machine.tag({});

    expect(machine.bootstrap()).toMatchObject({ status: 1 });

    const message =
      "the metadata service does not tell this machine's address and tags: allow tags in its instance metadata";
    expect(machine.read("var/log/user-data.log")).toContain(
      `identity: failed with exit code 1: ${message}\n`,
    );
  });
});
