import type { Figures, Verdict } from "../../protocol/generated/api";
import type { Run } from "../run/run-api";
import { describeInterruption } from "./interruptions";

interface Case {
  readonly name: string;
  readonly time: number;
  /** Element inside, e.g. `failure`; nothing for a success. */
  readonly result?: { readonly element: "failure" | "error" | "skipped"; readonly message: string };
}

/** A run as JUnit's XML, which CI systems show: one test case for the run itself and one for each threshold. */
export function toJunit(run: Run): string {
  const cases = [runCase(run), ...run.verdicts.map(verdictCase)];
  const count = (element: string) => cases.filter(({ result }) => result?.element === element).length;
  const seconds = run.progress.elapsed_s.toFixed(3);
  const suite = attributes({
    name: `locust-cluster.${run.name ?? run.id}`,
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: seconds,
    timestamp: run.created.replace(/\.\d+Z$/, ""),
  });
  const totals = attributes({
    name: "locust-cluster",
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    time: seconds,
  });
  const lines = cases.map((each) => renderCase(each, run));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${suite}>`,
    ...renderProperties(run),
    ...lines,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** What a run has beside its cases; nothing in most. */
function renderProperties(run: Run): string[] {
  const lines = [...interruptionsOf(run), ...figuresOf(run)].map(
    (property) => `      <property${attributes(property)}/>`,
  );
  return lines.length === 0 ? [] : ["    <properties>", ...lines, "    </properties>"];
}

type Property = Readonly<Record<"name" | "value", string | number>>;

function interruptionsOf({ interruptions }: Run): Property[] {
  if (!interruptions?.count) return [];
  return [
    { name: "interruptions", value: `${interruptions.count}` },
    ...interruptions.machines.map((each) => ({ name: "interruption", value: describeInterruption(each) })),
  ];
}

const FIGURES: readonly (keyof Figures)[] = [
  "requests",
  "failures",
  "fail_ratio",
  "rps",
  "p50_ms",
  "p95_ms",
  "p99_ms",
  "max_ms",
];

/** `fleet.eu.p95_ms`: figures of each fleet that took part, `workers` for the machines of none. */
function figuresOf({ fleet_figures = {} }: Run): Property[] {
  return Object.entries(fleet_figures).flatMap(([fleet, { region, users_max, total }]) => {
    const figures = FIGURES.map((name) => [name, total[name]] as const);
    return [["region", region] as const, ["users_max", users_max] as const, ...figures].flatMap(
      // Nothing was measured.
      ([name, value]) => (value === null ? [] : [{ name: `fleet.${fleet}.${name}`, value }]),
    );
  });
}

function runCase(run: Run): Case {
  const { state, reason, progress } = run;
  const name = `run ${run.id}`;
  if (state === "finished") return { name, time: progress.elapsed_s };
  const message = `${state}${reason ? `: ${reason}` : ""}`;
  return { name, time: progress.elapsed_s, result: { element: "error", message } };
}

function verdictCase({ expression, passed, message }: Verdict): Case {
  if (passed === true) return { name: expression, time: 0 };
  const element = passed === false ? "failure" : "skipped";
  return { name: expression, time: 0, result: { element, message } };
}

function renderCase({ name, time, result }: Case, run: Run): string {
  const classname = `locust-cluster.${run.name ?? "run"}`;
  const head = attributes({ classname, name, time: time.toFixed(3) });
  if (!result) return `    <testcase${head}/>`;
  const { element, message } = result;
  const body = element === "skipped" ? "" : escape(message);
  return `    <testcase${head}><${element}${attributes({ message })}>${body}</${element}></testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join("");
}

/** XML has no way to write most control characters: they are left out. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"\n\r\t]/g, (found) => `&#${found.codePointAt(0)};`);
}
