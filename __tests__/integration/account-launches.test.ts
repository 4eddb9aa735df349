import { DescribeInstancesCommand, type RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { setTimeout as sleep } from "node:timers/promises";
import { setCapacity } from "../../simulator/account/capacity";
import { type Api, apiOf } from "../../simulator/account/clients";
import { EmulatedGroup } from "../helpers/emulated-group";
import { describeEmulated } from "../helpers/emulated-suite";
import { eventually } from "../helpers/eventually";

const NEVER =
  "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason:";
const METADATA_TAGS: RequestLaunchTemplateData = {
  MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" },
  TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "cost center", Value: "1" }] }],
};

/** What a fleet sees of machines that AWS gives and takes, or does not give. */
describeEmulated(
  "a machine that never is in service",
  (suite) => {
    let api: Api;
    let group: EmulatedGroup;
    const account = () => suite().aws.account;
    const ended = (status: string) =>
      eventually(
        `a launch that is ${status}`,
        async () => (await group.launches()).find(({ StatusCode }) => StatusCode === status),
        (found) => found !== undefined,
      );

    beforeAll(() => (api = apiOf(account())));

    test.each([
      ["kms", "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state"],
      ["client", "Client.InternalError: Client error on launch"],
      ["volumes", "Client.VolumeLimitExceeded: Volume limit exceeded"],
    ])("is ended by EC2, its launch cancelled and tried again (%s)", async (name, reason) => {
      group = await EmulatedGroup.create(api, { name, zones: ["us-east-1a"] });
      await setCapacity(account(), { endsAtLaunch: reason });
      await group.setCapacity(1);
      const id = (await group.has(1, "Pending"))[0]!.InstanceId!;
      expect(await ended("Cancelled")).toMatchObject({
        Description: `Launching a new EC2 instance: ${id}.  Status Reason: ${NEVER} ${reason}`,
        StatusMessage: `${NEVER} ${reason}`,
        Cause: expect.stringContaining("increasing the capacity from 0 to 1.") as string,
      });
      const { Reservations } = await api.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
        State: { Name: expect.stringMatching("shutting-down|terminated") as string },
        StateReason: { Code: reason.split(": ")[0], Message: reason },
      });
      await setCapacity(account(), {});
      await group.has(1);
    });

    test("is refused for its tags, as every instance that shows them to its metadata service", async () => {
      group = await EmulatedGroup.create(api, {
        name: "tags",
        zones: ["us-east-1a"],
        template: METADATA_TAGS,
      });
      await group.setCapacity(1);
      expect((await ended("Failed"))?.StatusMessage).toContain("'cost center' is not a valid tag key.");
    });
  },
  { pendingSeconds: 1, shuttingDownSeconds: 1, healthCheckSeconds: 0.5, relaunchSeconds: 1 },
);

/** Two machines of two vCPUs, of which the quota leaves one. */
describeEmulated(
  "a launch that failed, with AWS's pause after it",
  (suite) => {
    let group: EmulatedGroup;
    const account = () => suite().aws.account;
    const statuses = async () => (await group.launches()).map(({ StatusCode }) => StatusCode);

    beforeAll(async () => {
      group = await EmulatedGroup.create(apiOf(account()), { name: "demand", zones: ["us-east-1a"] });
    });
    beforeEach(async () => {
      await setCapacity(account(), { vcpus: { "on-demand": 3 } });
      await group.setCapacity(2);
      await group.has(1);
    });
    afterEach(async () => {
      await group.setCapacity(0);
      await group.isEmpty();
    });

    test("began with the others, stands after them, and is not repeated when the same capacity is asked for", async () => {
      expect(await statuses()).toEqual(["Successful", "Failed"]);
      const [launched, failed] = await group.launches();
      expect(failed?.StartTime).toEqual(launched?.StartTime);
      await setCapacity(account(), {});
      await group.setCapacity(2);
      await sleep(3_000);
      expect(await statuses()).toEqual(["Successful", "Failed"]);
      expect(await group.members()).toHaveLength(1);
    });

    test("stands before them the next time", async () => {
      expect((await statuses()).slice(0, 2)).toEqual(["Failed", "Successful"]);
    });
  },
  { pendingSeconds: 1, shuttingDownSeconds: 1, relaunchSeconds: 120 },
);
