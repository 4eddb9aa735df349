import { spawn, type ChildProcess } from "node:child_process";

/**
 * Ends the process groups that it has read when its input ends, even if we are killed with SIGKILL and cannot end them
 * ourselves. Plain sh in its own session, so that neither Ctrl-C nor the end of the terminal reaches it.
 */
const SCRIPT = `
trap '' INT HUP
groups=
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups $group"; continue; fi
  kept=
  for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
  groups=$kept
done
for each in $groups; do kill -TERM "-$each"; done 2>/dev/null
[ -z "$groups" ] || sleep 3
for each in $groups; do kill -KILL "-$each"; done 2>/dev/null
`;

/** Watches over process groups for the case that this process dies without a word. */
export class Guard {
  private readonly shell: ChildProcess;

  constructor() {
    this.shell = spawn("sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    // Without it the cluster still works, only a SIGKILL of ours would leave its processes.
    this.shell.on("error", () => undefined);
    this.shell.stdin?.on("error", () => undefined);
  }

  /** Leader of a process group that is to end with us. */
  add(group: number): void {
    this.shell.stdin?.write(`+ ${group}\n`);
  }

  /** The group has ended; its number may come back for another. */
  remove(group: number): void {
    this.shell.stdin?.write(`- ${group}\n`);
  }

  close(): void {
    this.shell.stdin?.end();
    this.shell.unref();
  }
}
