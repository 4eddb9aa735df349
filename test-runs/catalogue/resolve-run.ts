import { commandLine } from "../../lib/model/command-line";
import { UserError } from "../../lib/model/user-error";

const SHOWN = 3;

/**
 * The id that someone means: the whole id, a part that only one run has, `last`, or `last~1` for the one before.
 *
 * `ids` are newest first. `problems` are places that could not be asked: the run may be there.
 */
export function resolveRun(
  text: string | undefined,
  ids: readonly string[],
  problems: readonly UserError[] = [],
): string {
  const elsewhere =
    problems.map(({ message, hint }) => [message, hint].filter(Boolean).join("\n")).join("; ") || undefined;
  const missing = (message: string, hint = elsewhere) => new UserError(message, { hint });
  if (ids.length === 0)
    throw missing("there are no runs yet", elsewhere ?? `start one with '${commandLine("run -u 10 -t 1m")}'`);
  const back = /^last(?:~(\d+))?$/.exec(text ?? "last");
  if (back) {
    const index = Number(back[1] ?? 0);
    const id = ids[index];
    if (id) return id;
    if (ids.length === 1) throw missing("there is only 1 run: it is 'last'");
    throw missing(`there are only ${ids.length} runs: the oldest is 'last~${ids.length - 1}'`);
  }
  if (ids.includes(text!)) return text!;
  const near = ids.filter((id) => id.includes(text!));
  if (near.length === 1) return near[0]!;
  if (near.length === 0)
    throw missing(`there is no run '${text}'`, elsewhere ?? `'${commandLine("runs")}' shows all`);
  const more = near.length > SHOWN ? ` and ${near.length - SHOWN} more` : "";
  throw missing(
    `'${text}' is ambiguous: ${near.slice(0, SHOWN).join(", ")}${more}; type more of the id`,
    undefined,
  );
}
