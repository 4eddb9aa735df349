import { resource, resources, synth, type Synthesized } from "../synth";

const WORKERS = "aws_instance.workers_instance";
const MANIFEST = "aws_s3_object.release_current";

const manifestIn = (stack: Synthesized): object =>
  JSON.parse(Buffer.from(String(resource(stack, MANIFEST)["content_base64"]), "base64").toString()) as object;

/** Subnet of each worker, by name. */
const placed = (yaml: string): Record<string, string> =>
  resource(synth(yaml), WORKERS)["for_each"] as Record<string, string>;

describe("LocustWorkers", () => {
  test("from 2 to 10 adds eight, tells the master, and touches nothing else", () => {
    const [before, after] = [synth("workers: { count: 2 }"), synth("workers: { count: 10 }")];
    const { for_each: two, ...settings } = resource(before, WORKERS);
    const { for_each: ten, ...same } = resource(after, WORKERS);

    expect(same).toEqual(settings);
    expect(ten).toMatchObject(two as object);
    expect(Object.keys(ten as object)).toHaveLength(10);
    expect({ ...manifestIn(after), expected: { workers: 2 } }).toEqual(manifestIn(before));
    const others = (stack: Synthesized) =>
      resources(stack).filter(([address]) => address !== WORKERS && address !== MANIFEST);
    expect(others(after)).toEqual(others(before));
  });

  test.each([0, 1, 500])("%i of them", (count) => {
    expect(Object.keys(placed(`workers: { count: ${count} }`))).toHaveLength(count);
  });

  test("are spread over the zones in turn", () => {
    expect(placed("workers: { count: 4 }\nnetwork: { zones: 3 }")).toEqual({
      "worker-1": "${aws_subnet.network_worker-subnet-1.id}",
      "worker-2": "${aws_subnet.network_worker-subnet-2.id}",
      "worker-3": "${aws_subnet.network_worker-subnet-3.id}",
      "worker-4": "${aws_subnet.network_worker-subnet-1.id}",
    });
    expect(resource(synth(), WORKERS)["subnet_id"]).toBe("${each.value}");
  });

  test("have no fixed address and the workers' group", () => {
    const workers = resource(synth(), WORKERS);
    expect(workers).not.toHaveProperty("private_ip");
    expect(workers["vpc_security_group_ids"]).toEqual(["${aws_security_group.firewall_workers.id}"]);
  });
});
