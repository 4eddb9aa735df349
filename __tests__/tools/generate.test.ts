import { spawnSync } from "node:child_process";
import { projectRoot } from "../../lib/model/project";
import { toPython, toTypeScript, type Constants } from "../../tools/generate/constants";

// prettier loads itself with import(), which Jest does not have: so in a process of its own.
test("what is generated from protocol/ is what it gives: run 'npm run generate' when this fails", () => {
  const args = ["--transpile-only", "tools/generate.ts", "--check"];
  const { status, stderr } = spawnSync("node_modules/.bin/ts-node", args, {
    cwd: projectRoot(),
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

const CONSTANTS: Constants = {
  PORT: { about: "A port.", value: 8089 },
  WORD: { about: "A word.", value: "a" },
  STATES: { about: "All.", value: ["on", "off"], type: "State" },
  OVER: { about: "Some.", value: ["off"], of: "State" },
  LIMITS: { about: "Numbers.", value: [1, 2] },
  OPTIONS: { about: "By name.", value: { csv: "CSV", list: null }, type: "Option" },
};

test("a constant of TypeScript has its comment, its narrow type, and the type of its members", () => {
  expect(toTypeScript(CONSTANTS).split("\n\n").slice(1)).toEqual([
    "/** A port. */\nexport const PORT = 8089;",
    '/** A word. */\nexport const WORD = "a";',
    '/** All. */\nexport const STATES = ["on","off"] as const;',
    "export type State = (typeof STATES)[number];",
    '/** Some. */\nexport const OVER: readonly State[] = ["off"];',
    "/** Numbers. */\nexport const LIMITS = [1,2] as const;",
    '/** By name. */\nexport const OPTIONS = {"csv":"CSV","list":null} as const;',
    "export type Option = keyof typeof OPTIONS;",
  ]);
});

test("and so has one of Python", () => {
  expect(toPython(CONSTANTS).split("\n\n").slice(2).join("\n\n")).toBe(`PORT: Final[int] = 8089
"""A port."""

WORD: Final[str] = "a"
"""A word."""

State = Literal[
    "on",
    "off",
]

STATES: Final[tuple[State, ...]] = get_args(State)
"""All."""

OVER: Final[tuple[State, ...]] = (
    "off",
)
"""Some."""

LIMITS: Final[tuple[int, ...]] = (
    1,
    2,
)
"""Numbers."""

Option = Literal[
    "csv",
    "list",
]

OPTIONS: Final[dict[Option, str | None]] = {
    "csv": "CSV",
    "list": None,
}
"""By name."""
`);
});
