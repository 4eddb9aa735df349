import { ADDRESSES } from "../../simulator/namespace";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";

/** Tried on every machine, beside all ports on which something listens there. */
const USUAL_PORTS = [80, 111, 443, 5557, 5558, 8080, 9090];

/** Asks S3 with the keys of the machine's own role, and prints the status of each answer. */
const ASK_STORE = `
token=$(curl -sS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
metadata() { curl -sS -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"; }
keys=$(metadata "iam/security-credentials/$(metadata iam/security-credentials/)")
key() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$keys" "$1"; }
status() { curl -sS -o /dev/null -w '%{http_code}\\n' "$@"; }
signed() {
  status --aws-sigv4 "aws:amz:$REGION:s3" --user "$(key AccessKeyId):$(key SecretAccessKey)" \\
    -H "x-amz-security-token: $(key Token)" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@"
}
host="$BUCKET.s3.$REGION.amazonaws.com"
signed "https://$host/bundle/current.json"
signed "https://$host/secrets/master.json"
signed "https://$host/runs/"
signed -X PUT -d x "https://$host/runs/forged.json"
signed "http://$host/bundle/current.json"
status "https://$host/bundle/current.json"
`;

async function openPorts({ simulation }: Deployment, node: string): Promise<number[]> {
  const { machine } = simulation.node(node);
  const { stdout } = await machine.exec(["ss", "--listening", "--tcp", "--numeric", "--no-header"]);
  const listening = [...stdout.matchAll(/:(\d+)\s/g)].map(([, port]) => Number(port));
  const ports = [...new Set([22, 8089, ...USUAL_PORTS, ...listening])].filter((port) => port > 0);
  const tried = await Promise.all(
    ports.map(async (port) => {
      try {
        const socket = await simulation.sockets.connect(machine.privateIp, port, ADDRESSES.visitor);
        socket.destroy();
        return [port];
      } catch {
        return [];
      }
    }),
  );
  return tried.flat().sort((a, b) => a - b);
}

export function portTests(machineTest: MachineTest): void {
  machineTest(
    "from outside only the page and SSH answer on the master, and only SSH on workers",
    async (deployment) => {
      expect(await openPorts(deployment, "master")).toEqual([22, 8089]);
      expect(await openPorts(deployment, "worker-1")).toEqual([22]);
    },
  );

  machineTest("a worker reaches the master's 5557, which a stranger does not", async ({ simulation }) => {
    const master = simulation.node("master").machine;
    const connect = `exec 3<>/dev/tcp/${master.privateIp}/5557`;
    const worker = await simulation.node("worker-1").machine.exec(["timeout", "5", "bash", "-c", connect]);
    expect(worker).toMatchObject({ code: 0 });
    await expect(simulation.sockets.connect(master.privateIp, 5557, ADDRESSES.stranger)).rejects.toThrow(
      "ETIMEDOUT",
    );
  });

  machineTest(
    "a worker's role reads the bundle, and neither secrets nor results",
    async ({ simulation, outputs }) => {
      const script = `BUCKET=${outputs.bucket}\nREGION=${outputs.region}\n${ASK_STORE}`;
      const { stdout } = await simulation.node("worker-1").machine.exec(["bash", "-s"], { input: script });
      const [bundle, secret, runs, forged, plain, anonymous] = stdout.trim().split("\n");
      expect({ bundle, secret, runs, forged, plain, anonymous }).toEqual({
        bundle: "200",
        secret: "403",
        runs: "403",
        forged: "403",
        plain: "403",
        anonymous: "403",
      });
    },
  );
}
