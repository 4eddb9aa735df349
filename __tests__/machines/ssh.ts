import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../../simulator/host-command";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";
import type { MachineTest } from "./machine-test";

export function sshTests(machineTest: MachineTest): void {
  machineTest(
    "the private key of the outputs opens a shell on every machine",
    async ({ outputs, simulation }) => {
      const scratch = makeScratch();
      const key = join(scratch, "key.pem");
      writeFileSync(key, outputs.private_key, { mode: 0o600 });
      const options = [
        "StrictHostKeyChecking=no",
        `UserKnownHostsFile=${join(scratch, "hosts")}`,
        "BatchMode=yes",
        "ConnectTimeout=10",
      ];
      const flags = options.flatMap((option) => ["-o", option]);
      for (const node of outputs.nodes) {
        const login = `${outputs.ssh_user}@${node.public_ip}`;
        const { code, stdout, stderr } = await attempt("ssh", [
          "-i",
          key,
          ...flags,
          login,
          "hostname && sudo id -un",
        ]);
        expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
        const hostname = simulation.node(node.name).instance.hostname.split(".")[0];
        expect(stdout.trim().split("\n")).toEqual([hostname, "root"]);
      }
      removeScratch(scratch);
    },
  );

  machineTest(
    "'locust-cluster ssh' runs a command on the machine that it names",
    async ({ cluster, simulation }) => {
      const { code, lines } = await cluster.command(["ssh", "worker-2", "--", "hostname"]);
      expect({ code, lines }).toEqual({
        code: 0,
        lines: [simulation.node("worker-2").instance.hostname.split(".")[0]],
      });
    },
  );
}
