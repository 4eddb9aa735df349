import { Endings } from "../../../cli/local/endings";

test("tells each end, and a crash loop once a minute with its last error", () => {
  let now = 0;
  const endings = new Endings(() => now);
  const tell = (error: string, name = "worker-1") =>
    endings.tell(name, `ended (exit code 1): ${error}`, "worker-1.log");
  expect(tell("first")).toBe("worker-1 ended (exit code 1): first; it starts again");
  now = 4000;
  expect(tell("second")).toBe("worker-1 ended (exit code 1): second; it starts again");
  now = 8000;
  expect(tell("third")).toBe(
    "worker-1 keeps ending, 3 times within a minute: the last time it ended (exit code 1): third; its whole output is in worker-1.log",
  );
  now = 12_000;
  expect(tell("fourth")).toBeUndefined();
  expect(tell("first", "worker-2")).toBe("worker-2 ended (exit code 1): first; it starts again");
  for (now = 16_000; now < 68_000; now += 4000) expect(tell("again")).toBeUndefined();
  expect(tell("a minute later")).toContain("a minute later");
  now = 200_000;
  expect(tell("much later")).toBe("worker-1 ended (exit code 1): much later; it starts again");
});
