import { loadCluster } from "../../lib/model/config";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { synth, synthCluster } from "./synth";

const EIP = "${aws_eip.master_address.public_ip}";
const outputs = (yaml = ""): ClusterOutputs =>
  Object.fromEntries(
    Object.entries(synth(yaml).output).map(([name, { value }]) => [name, value]),
  ) as unknown as ClusterOutputs;

describe("outputs", () => {
  test("are these, by name", () => {
    expect(Object.keys(outputs()).sort()).toEqual([
      "api_token",
      "bucket",
      "certificate",
      "cluster_name",
      "master_private_ip",
      "master_public_ip",
      "master_url",
      "next_step",
      "nodes",
      "private_key",
      "region",
      "results_bucket",
      "ssh_command",
      "ssh_user",
      "web_password",
      "web_username",
      "worker_public_ips",
    ]);
  });

  test("hide what is secret, and only that", () => {
    const hidden = Object.entries(synth("access: { https: true }").output).flatMap(([name, { sensitive }]) =>
      sensitive ? [name] : [],
    );
    expect(hidden.sort()).toEqual(["api_token", "private_key", "web_password"]);
  });

  test("lead to the master by its Elastic IP", () => {
    expect(outputs()).toMatchObject({
      master_url: `http://${EIP}:8089`,
      master_public_ip: EIP,
      master_private_ip: "10.77.0.4",
    });
    expect(outputs("access: { https: true }").master_url).toBe(`https://${EIP}:8089`);
  });

  test("list every machine, master first", () => {
    const master =
      `{ name = "master", role = "master", instance_id = aws_instance.master_instance.id, ` +
      `instance_type = "t4g.small", private_ip = "10.77.0.4", public_ip = aws_eip.master_address.public_ip }`;
    const worker = (key: string): string => `"\${aws_instance.workers_instance["worker-\${number}"].${key}}"`;
    const workers =
      `{ name = "worker-\${number}", role = "worker", instance_id = ${worker("id")}, ` +
      `instance_type = "c7g.large", private_ip = ${worker("private_ip")}, public_ip = ${worker("public_ip")} }`;
    expect(outputs("workers: { count: 2 }")).toMatchObject({
      nodes: `\${concat([${master}], [for number in range(1, 3) : ${workers}])}`,
      worker_public_ips: `\${[for number in range(1, 3) : ${worker("public_ip")}]}`,
    });
  });

  test("are as long for 500 workers as for one, because Terraform reads each expression by itself", () => {
    const size = (count: number): number => JSON.stringify(outputs(`workers: { count: ${count} }`)).length;
    expect(size(499)).toBe(size(100));
  });

  test.each(["custom", "none"])("have no user and password with login %s", (login) => {
    expect(outputs(`access: { login: ${login} }`)).toMatchObject({ web_username: "", web_password: "" });
  });

  test("give commands that work in the project's folder, also for another configuration", () => {
    const { output } = synthCluster(
      loadCluster({
        env: { LOCUST_CLUSTER_CONFIG: "examples/minimal/cluster.yaml", LOCUST_CLUSTER_NAME: "alpha" },
      }),
    );
    expect(output["ssh_command"]?.value).toBe(
      "LOCUST_CLUSTER_CONFIG=examples/minimal/cluster.yaml LOCUST_CLUSTER_NAME=alpha npx locust-cluster ssh master",
    );
    expect(synthCluster(loadCluster({ env: {} })).output["next_step"]?.value).toBe(
      "npx locust-cluster status --wait",
    );
  });
});
