import { loadCluster } from "../../lib/config";
import { EXIT } from "../exit-codes";
import { prepareCluster } from "../prepare";
import { Terminal } from "../terminal";

export interface PrepareOptions {
  readonly quiet?: boolean;
}

/** Checks the test and builds what the machines will fetch. Terraform calls it before it uploads anything. */
export async function prepare({ quiet = false }: PrepareOptions): Promise<number> {
  const terminal = new Terminal();
  await prepareCluster(loadCluster(), (line) => {
    if (!quiet) terminal.line(line);
  });
  return EXIT.ok;
}
