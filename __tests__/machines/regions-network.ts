import {
  AcceptVpcPeeringConnectionCommand,
  CreateRouteCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteRouteCommand,
  DeleteVpcPeeringConnectionCommand,
} from "@aws-sdk/client-ec2";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import type { Simulation } from "../../simulator/simulation";
import { report, until } from "./patience";
import { explained } from "./print-machines";
import { admit, bootPlace, ec2In, makePlace, type Place, PORT, removePlace } from "./two-regions";

const HOME = "us-east-1";
const ABROAD = "eu-central-1";

/** Prints for how many milliseconds a connection takes, and what it answers; nothing but `-` if there is none in 2 s. */
const CONNECT = `import socket, sys, time
begin = time.monotonic()
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), 2) as connection:
        print((time.monotonic() - begin) * 1000, connection.recv(64).decode() if len(sys.argv) > 3 else "")
except OSError:
    print("-")
`;

/** Two machines in two regions, 80 ms from each other. */
export function regionsNetworkTests(running: () => Simulation): void {
  let home: Place;
  let abroad: Place;
  let near: SimulatedInstance;
  let far: SimulatedInstance;
  let peering: string;

  /** Milliseconds of a connection, and the address that the other end saw. */
  const connect = async (
    from: SimulatedInstance,
    to: string,
  ): Promise<{ ms: number; seenAs: string } | undefined> => {
    const { stdout } = await from.machine.exec(["python3", "-c", CONNECT, to, String(PORT), "read"]);
    const [ms, seenAs = ""] = stdout.trim().split(" ");
    return ms === undefined || ms === "-" || ms === "" ? undefined : { ms: Number(ms), seenAs };
  };
  const toFar = () => connect(near, far.instance.privateIp);
  const toNear = () => connect(far, near.instance.privateIp);
  const route = (place: Place, other: Place) =>
    ec2In(running(), place.region).send(
      new CreateRouteCommand({
        RouteTableId: place.tableId,
        DestinationCidrBlock: other.cidr,
        VpcPeeringConnectionId: peering,
      }),
    );
  const lasts = async (what: string, question: () => Promise<unknown>) => {
    for (let look = 0; look < 3; look++) if (await question()) throw new Error(`${what} in look ${look + 1}`);
  };

  test("machines boot in two regions, and know where they are", async () => {
    home = await makePlace(running(), HOME, "10.91.0.0/16");
    abroad = await makePlace(running(), ABROAD, "10.92.0.0/16");
    await explained(running(), async () => {
      near = await bootPlace(running(), home);
      far = await bootPlace(running(), abroad);
    });
    for (const [one, region] of [
      [near, HOME],
      [far, ABROAD],
    ] as const) {
      const placement = "http://169.254.169.254/latest/meta-data/placement";
      const { stdout } = await one.machine.exec(["curl", "-s", `${placement}/{region,availability-zone}`]);
      expect(stdout).toMatch(new RegExp(`^${region}\\s*${region}[a-z]`));
    }
    await admit(running(), abroad, home.cidr);
  });

  test("they reach each other only while their VPCs are peered, and both have a route", async () => {
    await lasts("the machine abroad answered without a peering connection", toFar);
    const ec2 = ec2In(running(), HOME);
    const ends = { VpcId: home.vpcId, PeerVpcId: abroad.vpcId, PeerRegion: ABROAD };
    const { VpcPeeringConnection: made } = await ec2.send(new CreateVpcPeeringConnectionCommand(ends));
    peering = made!.VpcPeeringConnectionId!;
    await route(home, abroad);
    await route(abroad, home);
    await lasts("the machine abroad answered before the connection was accepted", toFar);
    const accept = new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering });
    await ec2In(running(), ABROAD).send(accept);
    await until("the machine abroad answers", 10, async () => (await toFar()) !== undefined);
    const there = { RouteTableId: abroad.tableId, DestinationCidrBlock: home.cidr };
    await ec2In(running(), ABROAD).send(new DeleteRouteCommand(there));
    await until("its answers have no way", 10, async () => (await toFar()) === undefined);
    await route(abroad, home);
    await until("the machine abroad answers again", 10, async () => (await toFar()) !== undefined);
  });

  test("a packet and its answer take 80 ms, and come from the private address", async () => {
    const answer = await toFar();
    expect(answer?.seenAs).toBe(near.instance.privateIp);
    expect(answer?.ms).toBeGreaterThanOrEqual(80);
    report(`a connection to the other region takes ${answer?.ms.toFixed(1)} ms`);
  });

  test("a rule by block holds between the regions", async () => {
    await lasts("the home machine answered whom no rule admits", toNear);
    await admit(running(), home, "10.92.0.0/16");
    await until("it answers whom a rule admits", 10, async () => (await toNear()) !== undefined);
  });

  test("a cut link loses what is between the regions, and nothing else", async () => {
    running().setLink(HOME, ABROAD, false);
    expect(await toFar()).toBeUndefined();
    const { stdout } = await far.machine.exec([
      "python3",
      "-c",
      CONNECT,
      "s3.eu-central-1.amazonaws.com",
      "443",
    ]);
    expect(Number(stdout)).toBeLessThan(80);
    running().setLink(ABROAD, HOME, true);
    expect(await toFar()).toBeDefined();
  });

  test("S3 of the other region is reached through the internet, in 80 ms", async () => {
    const seconds = async (name: string) => {
      const { stdout } = await far.machine.exec(["python3", "-c", CONNECT, name, "443"]);
      return Number(stdout);
    };
    expect(await seconds("s3.us-east-1.amazonaws.com")).toBeGreaterThanOrEqual(80);
    expect(await seconds("autoscaling.us-east-1.amazonaws.com")).toBeGreaterThanOrEqual(80);
    const s3 = "https://some-bucket.s3.us-east-1.amazonaws.com/";
    const answer = await far.machine.exec(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", s3]);
    expect(answer.stdout).toBe("403");
  });

  test("EC2 answers under a region's name, of that region", async () => {
    const { accessKeyId, secretAccessKey } = running().aws.account;
    const keys = ["--aws-sigv4", `aws:amz:${ABROAD}:ec2`, "--user", `${accessKeyId}:${secretAccessKey}`];
    const call = ["--data", "Action=DescribeInstances&Version=2016-11-15"];
    const url = `https://ec2.${ABROAD}.amazonaws.com/`;
    const { stdout } = await far.machine.exec(["curl", "-sS", ...keys, ...call, url]);
    expect(stdout).toContain(far.instance.id);
    expect(stdout).not.toContain(near.instance.id);
  });

  test("the ways end with the connection, and the machines with their instances", async () => {
    const deletion = new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering });
    await ec2In(running(), HOME).send(deletion);
    await until("the machine abroad is out of reach", 10, async () => (await toFar()) === undefined);
    for (const place of [home, abroad]) await removePlace(running(), place);
    await until("they are gone", 60, () => running().instances.length === 0);
  });
}
