import { createProgram } from "../../../cli/commands";
import { sshArguments } from "../../../cli/commands/ssh";

const WORKER = {
  instance_id: "i-0123456789abcdef0",
  address: "203.0.113.7",
  user: "admin",
  key: "/keys/id_rsa",
};

/** What ssh gets after the address of the machine. */
function remoteCommand(command: readonly string[]): string[] {
  const all = sshArguments({ ...WORKER, command });
  return all.slice(all.indexOf("admin@203.0.113.7") + 1);
}

/** What commander hands to the command for the words of a command line. */
async function commandOf(...words: string[]): Promise<readonly string[]> {
  const program = createProgram("1.0.0", { code: 0 });
  const handed: string[][] = [];
  const command = program.commands.find((each) => each.name() === "ssh");
  command?.action((_machine: string, remote: string[]) => void handed.push(remote));
  await program.parseAsync(["ssh", "worker-1", ...words], { from: "user" });
  return handed.flat();
}

describe("sshArguments", () => {
  test("a shell is no command", () => {
    expect(remoteCommand([])).toEqual([]);
  });

  test.each([[["hostname"]], [["--", "hostname"]]])("%j reaches the machine as one 'hostname'", (command) => {
    expect(remoteCommand(command)).toEqual(["--", "hostname"]);
  });

  test("only the first '--' is the user's separator", async () => {
    const command = await commandOf("--", "git", "log", "--", "file");
    expect(remoteCommand(command)).toEqual(["--", "git", "log", "--", "file"]);
  });

  test("options after the machine belong to the remote command", async () => {
    expect(remoteCommand(await commandOf("journalctl", "-n", "5"))).toEqual(["--", "journalctl", "-n", "5"]);
  });

  test("the host key belongs to the instance, not to its address", () => {
    expect(sshArguments({ ...WORKER, command: [] })).toContain("HostKeyAlias=i-0123456789abcdef0");
  });
});
