import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import type { Statement } from "../../lib/model/statement";
import type { TracedAction } from "../../simulator/account/traced-actions";
import type { PolicyDocument } from "../../simulator/account/user";

/** A statement of docs/permissions, where each has a name. */
export type NamedStatement = Statement & { readonly Sid: string };

/** Statements of the files of docs/permissions; `values` fill in what a reader fills in, such as STATE_BUCKET. */
export function statementsOf(
  files: readonly string[],
  values: Readonly<Record<string, string>> = {},
): NamedStatement[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(projectRoot(), "docs", "permissions", `${file}.json`), "utf8");
    const filled = Object.entries(values).reduce((all, [name, value]) => all.replaceAll(name, value), text);
    return (JSON.parse(filled) as { Statement: NamedStatement[] }).Statement;
  });
}

export const toDocument = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

export const actionsOf = ({ Action }: Statement): readonly string[] =>
  typeof Action === "string" ? [Action] : Action;

/** The provider asks it of every image (data.aws_ami, 5.100), and goes on without an answer. */
const UNHEEDED = "ec2:GetInstanceUefiData";

/** What somebody asked for and was not allowed. */
export function refused(traced: readonly TracedAction[]): readonly TracedAction[] {
  return traced.filter(({ allowed, action }) => !allowed && action !== UNHEEDED);
}

/** `Sid: action` of all that the statements allow and nobody asked for. */
export function neverAsked(
  statements: readonly NamedStatement[],
  traced: readonly TracedAction[],
): readonly string[] {
  const asked = new Set(traced.flatMap(({ action, statements: by }) => by.map((sid) => `${sid}: ${action}`)));
  return statements.flatMap((each) =>
    actionsOf(each)
      .map((action) => `${each.Sid}: ${action}`)
      .filter((pair) => !asked.has(pair)),
  );
}
