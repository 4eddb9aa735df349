import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";

const GUESSES = 1_000;
/** At once: as many as a browser's attacker would keep open. */
const GUESSERS = 10;

export function loginTests(machineTest: MachineTest): void {
  const submit = (url: string, username: string, password: string) =>
    fetch(new URL("/cluster/login", url), {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ username, password }),
      signal: AbortSignal.timeout(10_000),
    });

  machineTest("the page refuses without the login", async ({ outputs }) => {
    const page = await fetch(outputs.master_url, { redirect: "manual" });
    expect([302, 303]).toContain(page.status);
    expect(page.headers.get("location")).toContain("/login");
    const api = await fetch(new URL("/cluster/nodes", outputs.master_url));
    expect(api.status).toBe(401);
    expect(await api.json()).toMatchObject({ error: { code: "login_required" } });
  });

  machineTest(
    "the page opens with the generated password, and the API with the token",
    async ({ outputs, master }) => {
      const answer = await submit(outputs.master_url, outputs.web_username, outputs.web_password);
      expect(answer.status).toBe(303);
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      const page = await fetch(outputs.master_url, { headers: { cookie }, redirect: "manual" });
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("Locust");
      expect((await master.request("/cluster/nodes")).status).toBe(200);
    },
  );

  machineTest(
    "a thousand wrong passwords do not get in, nor lock the right one out for long",
    async ({ outputs }) => {
      const statuses = new Map<number, number>();
      const guess = async (guesser: number) => {
        for (let number = guesser; number < GUESSES; number += GUESSERS) {
          const { status } = await submit(outputs.master_url, outputs.web_username, `wrong-${number}`);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      };
      await Promise.all(Array.from({ length: GUESSERS }, (_, guesser) => guess(guesser)));
      report(
        `wrong passwords were answered with ${[...statuses].map(([status, count]) => `${status} ×${count}`).join(", ")}`,
      );
      expect([...statuses.keys()].filter((status) => status !== 401 && status !== 429)).toEqual([]);
      expect(statuses.get(429) ?? 0).toBeGreaterThan(GUESSES / 2);
      const seconds = await until("the right password gets in again", 15, async () => {
        const { status } = await submit(outputs.master_url, outputs.web_username, outputs.web_password);
        return status === 303;
      });
      report(`the right password got in ${seconds.toFixed(1)} s later`);
    },
  );
}
