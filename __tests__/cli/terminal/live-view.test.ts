import { LiveView, type LiveViewOptions } from "../../../cli/terminal/live-view";

/** A view on a terminal or elsewhere, with a clock of its own. */
function viewed(live: boolean, options: LiveViewOptions = {}) {
  const drawn: string[] = [];
  const lines: string[] = [];
  const clock = { now: 0 };
  const terminal = {
    live,
    line: (text = "") => void lines.push(text),
    draw: (text: string) => void drawn.push(text),
  };
  return { view: new LiveView(terminal, { now: () => clock.now, ...options }), drawn, lines, clock };
}

const BOTH = (): [string, string][] => [
  ["master", "master: ready"],
  ["worker-1", "worker-1: booting"],
];

describe("LiveView", () => {
  test("draws every look on a terminal, and writes no line", () => {
    const { view, drawn, lines } = viewed(true);
    expect(view.show("1 of 2", { plain: "1 of 2 after 3 s" })).toBe(true);
    view.show("1 of 2");
    view.showEach(() => "a table", BOTH);
    expect(drawn).toEqual(["1 of 2", "1 of 2", "a table"]);
    expect(lines).toEqual([]);
  });

  test("writes the first line elsewhere, then one every ten seconds", () => {
    const { view, drawn, lines, clock } = viewed(false);
    const shown = [0, 9_999, 10_000, 19_999].map((now) => {
      clock.now = now;
      return view.show("drawn", { plain: `after ${now} ms` });
    });
    expect(shown).toEqual([true, false, true, false]);
    expect(lines).toEqual(["after 0 ms", "after 10000 ms"]);
    expect(drawn).toEqual([]);
  });

  test("writes another phase at once", () => {
    const { view, lines } = viewed(false);
    for (const phase of ["starting", "running", "running"]) view.show(phase, { phase });
    expect(lines).toEqual(["starting", "running"]);
  });

  test("repeats no line that has not changed, where it is told to", () => {
    const { view, lines, clock } = viewed(false);
    for (const line of ["1 of 2", "1 of 2", "2 of 2"]) {
      view.show("drawn", { plain: line, onlyChanges: true });
      clock.now += 10_000;
    }
    expect(lines).toEqual(["1 of 2", "2 of 2"]);
  });

  test("lets the first line wait for its turn where it is told to", () => {
    const { view, lines, clock } = viewed(false, { delayed: true });
    for (clock.now of [0, 9_999, 10_000]) view.show(`after ${clock.now} ms`);
    expect(lines).toEqual(["after 10000 ms"]);
  });

  test("writes a line elsewhere for each thing that has changed", () => {
    const { view, lines } = viewed(false);
    const neverDrawn = () => {
      throw new Error("drawn");
    };
    view.showEach(neverDrawn, BOTH);
    view.showEach(neverDrawn, BOTH);
    view.showEach(neverDrawn, () => [...BOTH().slice(0, 1), ["worker-1", "worker-1: ready"]]);
    expect(lines).toEqual(["master: ready", "worker-1: booting", "worker-1: ready"]);
  });
});
