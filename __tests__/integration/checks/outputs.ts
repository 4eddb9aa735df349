import type { ClusterOutputs } from "../../../lib/model/outputs";
import type { Deployed } from "./deployed";

const node = (name: string, role: "master" | "worker", instanceType: string): object => ({
  name,
  role,
  instance_id: expect.stringMatching(/^i-[0-9a-f]{17}$/) as unknown,
  instance_type: instanceType,
  private_ip: expect.stringMatching(/^10\.77\./) as unknown,
  public_ip: expect.stringMatching(/^127\./) as unknown,
});

export function checkOutputs(deployed: () => Deployed): void {
  test("outputs are those of lib/model/outputs.ts, no more and no less", () => {
    const { outputs, config } = deployed();
    const workers = Array.from({ length: config.workers.count }, (_, index) =>
      node(`worker-${index + 1}`, "worker", config.workers.instanceType),
    );
    const expected: Record<keyof ClusterOutputs, unknown> = {
      cluster_name: config.name,
      region: "us-east-1",
      master_url: `http://${outputs.master_public_ip}:8089`,
      master_public_ip: outputs.nodes[0]?.public_ip,
      master_private_ip: outputs.nodes[0]?.private_ip,
      worker_public_ips: outputs.nodes.slice(1).map(({ public_ip }) => public_ip),
      nodes: [node("master", "master", config.master.instanceType), ...workers],
      ssh_command: "npx locust-cluster ssh master",
      ssh_user: "admin",
      private_key: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----\n/),
      web_username: "locust",
      web_password: expect.stringMatching(/^[0-9a-f]{20}$/),
      api_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      certificate: "",
      bucket: expect.stringMatching(`^${config.name}-[0-9a-f]{8}-\\d+$`),
      results_bucket: "",
      next_step: "npx locust-cluster status --wait",
    };
    expect(outputs).toEqual(expected);
  });
}
