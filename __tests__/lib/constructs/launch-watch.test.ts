import { resource, resources, synth } from "../synth";

const WATCH = "terraform_data.workers_launches_watch";

const large = (yaml: string): ReturnType<typeof resource> => resource(synth(yaml), WATCH);

describe("LaunchWatch", () => {
  test("is there where the provider tries for long: above 20 workers", () => {
    const addresses = (count: number) =>
      resources(synth(`workers: { count: ${count} }`)).map(([address]) => address);
    expect(addresses(20)).not.toContain(WATCH);
    expect(addresses(21)).toContain(WATCH);
  });

  test("looks for workers of this state and type", () => {
    const [provisioner] = large("workers: { count: 40, instanceType: c7g.large }")["provisioner"] as {
      "local-exec": { command: string };
    }[];
    expect(provisioner?.["local-exec"].command).toBe(
      "node bin/locust-cluster.js watch-launches --region 'us-east-1' --state '${self.input.state}' --count '40'" +
        " --zones '${self.input.zones}' --instance-type 'c7g.large'",
    );
  });

  test("knows their zones in the order of their subnets", () => {
    expect(large("workers: { count: 40 }\nnetwork: { zones: 2 }")["input"]).toMatchObject({
      zones:
        "${aws_subnet.network_worker-subnet-1.availability_zone},${aws_subnet.network_worker-subnet-2.availability_zone}",
    });
  });

  test("watches again when there are more, others, or in other zones; a deploy that changes neither leaves it", () => {
    const [before, more, others, elsewhere] = [
      "workers: { count: 40, instanceType: c7g.large }",
      "workers: { count: 41, instanceType: c7g.large }",
      "workers: { count: 40, instanceType: c6g.large }",
      "workers: { count: 40, instanceType: c7g.large }\nnetwork: { zones: 3 }",
    ].map((yaml) => large(yaml)["triggers_replace"]);
    expect(before).toMatchObject({ count: "40", instanceType: "c7g.large" });
    for (const changed of [more, others, elsewhere]) expect(changed).not.toEqual(before);
    const settled = (host: string) =>
      large(`workers: { count: 40, instanceType: c7g.large }\nlocust: { host: "${host}" }`);
    expect(settled("http://shop")).toEqual(settled("http://inn"));
  });

  test("holds up nothing: the runs are saved although it failed", () => {
    const stack = synth("workers: { count: 40 }");
    for (const part of ["guard", "home"])
      expect(resource(stack, `terraform_data.results_${part}`)["depends_on"]).not.toContain(WATCH);
  });

  test("begins when the workers do", () => {
    const stack = synth("workers: { count: 40 }");
    const workers = resource(stack, "aws_instance.workers_instance");
    const { depends_on: needs } = resource(stack, WATCH) as { depends_on: string[] };
    expect(needs).toEqual(expect.arrayContaining(workers["depends_on"] as string[]));
    // What they refer to, too.
    expect(needs).toEqual(
      expect.arrayContaining([
        "aws_security_group.firewall_workers",
        expect.stringMatching(/^aws_key_pair\./),
        expect.stringMatching(/^aws_iam_instance_profile\..*worker/),
      ]),
    );
  });
});
