import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle, writeBundle } from "../../lib/model/bundle";
import { Machine } from "./machine";

let machine: Machine;
beforeEach(() => (machine = new Machine("worker")));
afterEach(() => machine.remove());

const zipOf = ({ bundle }: Machine) => `bundle/${bundle}.zip`;

/** What the boot left behind for the machine's own log. */
function expectFailure(step: string, message: string, code = 1): void {
  expect(machine.bootstrap()).toMatchObject({ status: code });
  expect(machine.lastSent()).toMatchObject({
    state: "failed",
    stage: step,
    failure: { step, exit_code: code, message },
  });
}

describe("a second stage that cannot be run fails the step 'bundle', until another one is pushed:", () => {
  test.each<[string, (boot: string) => void, (zip: string) => string]>([
    [
      "none in the bundle, as of an older version",
      (boot) => rmSync(boot, { recursive: true }),
      (zip) =>
        `${zip} has no boot/worker.sh, the second stage of the boot: deploy or push with a version that has it`,
    ],
    [
      "a syntax error",
      (boot) => writeFileSync(join(boot, "units.sh"), "units() {\n"),
      (zip) => `boot/units.sh in ${zip} has a syntax error: correct it, then deploy or push`,
    ],
    [
      "no steps",
      (boot) =>
        edited(join(boot, "worker.sh"), (text) => text.replace(/^SECOND_STAGE=.*$/m, "SECOND_STAGE=()")),
      (zip) => `boot/worker.sh in ${zip} is not the second stage of a boot: correct it, then deploy or push`,
    ],
    [
      "an exit at its beginning",
      (boot) => edited(join(boot, "worker.sh"), (text) => `exit 0\n${text}`),
      () => "a script of boot/ has ended the boot: it must not exit",
    ],
    [
      "other content",
      (boot) => writeFileSync(join(boot, "worker.sh"), "echo hello\n"),
      (zip) => `boot/worker.sh in ${zip} is not the second stage of a boot: correct it, then deploy or push`,
    ],
  ])("%s", (_what, edit, message) => {
    machine.publish(edit);
    expectFailure("bundle", message(zipOf(machine)));
    const first = machine.sent().length;
    expectFailure("bundle", message(zipOf(machine)));
    expect(
      machine
        .sent()
        .slice(first)
        .every(({ state }) => state === "failed"),
    ).toBe(true);
    expect(machine.calls().filter((call) => /systemctl|useradd/.test(call))).toEqual([]);

    machine.publish((boot) => edited(join(boot, "system.sh"), (text) => `${text}\nMENDED=yes\n`));
    expect(machine.bootstrap()).toMatchObject({ status: 0 });
    expect(machine.lastSent()).toMatchObject({ state: "starting", bundle: machine.bundle, failure: null });
  });
});

test("a bundle that is not what its name says is not run, and asked for again", () => {
  const sound = machine.get(zipOf(machine));
  machine.put(zipOf(machine), otherBundle());

  expectFailure("bundle", `${zipOf(machine)} is damaged, or there is no room for it`);
  expect(machine.lastSent().failure?.log.join("\n")).toContain("it holds something else than its name says");
  expect(machine.has("strange")).toBe(false);

  machine.put(zipOf(machine), sound);
  expect(machine.bootstrap()).toMatchObject({ status: 0 });
});

test("a step of the second stage that fails is told as one of the first", () => {
  machine.publish((boot) => edited(join(boot, "system.sh"), (text) => `${text}\nsystem() { (exit 7); }\n`));
  expectFailure("system", "( exit 7 )", 7);
});

test("a step that ends the boot is a failure: systemd would not try again", () => {
  machine.publish((boot) => edited(join(boot, "system.sh"), (text) => `${text}\nsystem() { exit 0; }\n`));
  expectFailure("system", "a script of boot/ has ended the boot: it must not exit");
});

test("a reboot in the middle is no failure", () => {
  machine.publish((boot) => edited(join(boot, "system.sh"), (text) => `${text}\nsystem() { kill $$; }\n`));
  expect(machine.bootstrap()).toMatchObject({ status: 0 });
  expect(machine.sent().every(({ failure }) => failure === null)).toBe(true);
  expect(machine.has("var/lib/locust-cluster/bootstrapped")).toBe(false);
});

/** Of another test, and with a second stage that leaves a mark. */
function otherBundle(): Buffer {
  const scratch = mkdtempSync(join(tmpdir(), "locust-cluster-other-"));
  try {
    for (const folder of ["boot", "locust"]) mkdirSync(join(scratch, folder));
    writeFileSync(join(scratch, "boot", "worker.sh"), 'touch "$ROOT/strange"\n');
    writeFileSync(join(scratch, "locust", "locustfile.py"), "# another test");
    const zip = join(scratch, "bundle.zip");
    writeBundle(readBundle({ packageRoot: scratch, testDirectory: join(scratch, "locust") }), zip);
    return readFileSync(zip);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function edited(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
