import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../../lib/model/project";

const WAYS = JSON.stringify([{ from: "10.77.0.0/16", to: "10.78.0.0/16", delayMs: 40 }]);

/** What a script prints, in which `carrier` knows the way from 10.77.0.0/16 to 10.78.0.0/16. */
function python(code: string): unknown {
  const script = `
import json, sys
from carry_packets import Carrier
from ipaddress import IPv4Address
carrier = Carrier()
carrier.follow(${JSON.stringify(WAYS)})
def packet(a, b):
    return b"\\x45" + bytes(11) + IPv4Address(a).packed + IPv4Address(b).packed
there, back = packet("10.77.1.4", "10.78.1.4"), packet("10.78.1.4", "10.77.1.4")
${code}
`;
  const cwd = join(projectRoot(), "simulator", "regions");
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  return JSON.parse(execFileSync("python3", ["-c", script], { cwd, env, encoding: "utf8" }));
}

describe("the carrier of packets", () => {
  test("keeps a packet for as long as its way takes", () => {
    const code = `
carrier.take(there, 1.0)
print(json.dumps([carrier.wait(1.01), len(carrier.arrived(1.039)), len(carrier.arrived(1.04)), carrier.wait(2.0)]))`;
    expect(python(code)).toEqual([expect.closeTo(0.03), 0, 1, null]);
  });

  test("loses a packet without a way, also one of IPv6, and one whose way goes while it is on it", () => {
    const code = `
carrier.take(back, 1.0)
carrier.take(b"\\x60" + bytes(40), 1.0)
before = carrier.wait(1.0)
carrier.take(there, 1.0)
carrier.follow("[]")
print(json.dumps([before, len(carrier.arrived(2.0))]))`;
    expect(python(code)).toEqual([null, 0]);
  });

  test("keeps the order of packets of one moment", () => {
    const code = `
packets = [there + bytes([number]) for number in (3, 1, 2)]
for one in packets:
    carrier.take(one, 1.0)
print(json.dumps(carrier.arrived(2.0) == packets))`;
    expect(python(code)).toBe(true);
  });
});
