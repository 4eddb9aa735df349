import { SetInstanceHealthCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DeleteLaunchTemplateCommand,
  DeleteTagsCommand,
  DescribeLaunchTemplatesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { setCapacity } from "../../simulator/account/capacity";
import { type Api, apiOf, clientOptions } from "../../simulator/account/clients";
import { setStatusCheck } from "../../simulator/account/notices";
import { EmulatedGroup } from "../helpers/emulated-group";
import { eventually } from "../helpers/eventually";
import { describeEmulated } from "../helpers/emulated-suite";

const DIFFERENCE = "in response to a difference between desired and actual capacity";
const STARTED = `an instance was started ${DIFFERENCE}, increasing the capacity`;
const GONE = "an EC2 health check indicating it has been terminated or stopped";
const REPLACED = "an instance was launched in response to an unhealthy instance needing to be replaced.";

/** What fleets meet on AWS. */
describeEmulated(
  "an Auto Scaling group of the emulated account",
  (suite) => {
    let api: Api;
    let group: EmulatedGroup;

    const account = () => suite().aws.account;
    const latest = async () => (await group.activities()).map(({ StatusMessage }) => StatusMessage)[0];
    const failure = (message: string) =>
      eventually(message, latest, (said) => said === `${message} Launching EC2 instance failed.`);

    beforeAll(() => (api = apiOf(account())));
    afterEach(async () => {
      await setCapacity(account(), {});
      if (await group.describe()) await group.setCapacity(0);
      await group.has(0);
    });

    describe("on demand, in two zones", () => {
      beforeAll(async () => {
        group = await EmulatedGroup.create(api, { name: "demand", zones: ["us-east-1a", "us-east-1b"] });
      });

      test("spreads its machines, which are pending first, and tells each start and end with its cause", async () => {
        await group.setCapacity(2);
        await group.has(2, "Pending");
        const found = await group.has(2);
        expect(found.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(["us-east-1a", "us-east-1b"]);
        const started = {
          StatusCode: "Successful",
          Progress: 100,
          Cause: expect.stringMatching(
            new RegExp(
              `^At \\S+Z a user request explicitly set group desired capacity changing the desired capacity from 0 to 2\\.  At \\S+Z ${STARTED} from 0 to 2\\.$`,
            ),
          ) as string,
        };
        expect(await group.activities()).toMatchObject([started, started]);

        await group.setCapacity(1);
        await group.has(1, "Terminating");
        expect((await group.activities())[0]).toMatchObject({
          StatusCode: "InProgress",
          Cause: expect.stringContaining(`shrinking the capacity from 2 to 1.`) as string,
        });
      });

      test("has a template whose tags can be changed", async () => {
        const { LaunchTemplate: made } = await api.ec2.send(
          new CreateLaunchTemplateCommand({
            LaunchTemplateName: "tagged",
            LaunchTemplateData: { InstanceType: "c7g.large" },
            TagSpecifications: [
              {
                ResourceType: "launch-template",
                Tags: ["team", "short"].map((Key) => ({ Key, Value: "old" })),
              },
            ],
          }),
        );
        const { LaunchTemplateId = "" } = made ?? {};
        const Resources = [LaunchTemplateId];
        await api.ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: "team", Value: "shop" }] }));
        await api.ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "short" }] }));
        const { LaunchTemplates } = await api.ec2.send(
          new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: Resources }),
        );
        expect(LaunchTemplates?.[0]?.Tags).toEqual([{ Key: "team", Value: "shop" }]);
        await api.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
      });

      test.each([
        [
          "is terminated",
          GONE,
          (id: string) => api.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
        ],
        ["is stopped", GONE, (id: string) => api.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))],
        [
          "fails its status check",
          "an EC2 instance status checks failure",
          (id: string) => setStatusCheck(account(), id, true),
        ],
        [
          "is called unhealthy",
          "a user health-check",
          (InstanceId: string) =>
            api.autoScaling.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: "Unhealthy" })),
        ],
      ])("replaces a machine that %s", async (_, reason, harm) => {
        await group.setCapacity(1);
        const [before] = (await group.has(1)).map(({ InstanceId }) => InstanceId!);
        await harm(before!);
        const after = await group.replaced(before!);
        const told = new Map(
          (await group.activities()).map(({ Description, Cause }) => [Description, Cause]),
        );
        expect(told.get(`Terminating EC2 instance: ${before}`)).toMatch(
          new RegExp(`^At \\S+Z an instance was taken out of service in response to ${reason}\\.$`),
        );
        expect(told.get(`Launching a new EC2 instance: ${after}`)).toContain(REPLACED);
      });

      test("takes another type, or another zone, where the first has no capacity", async () => {
        const lacks = [{ instanceType: "c7g.large", zone: "us-east-1a" }, { zone: "us-east-1b" }];
        await setCapacity(account(), { lacks });
        await group.setCapacity(2);
        expect(
          (await group.has(2)).map(({ InstanceType, AvailabilityZone }) => [InstanceType, AvailabilityZone]),
        ).toEqual([
          ["c6g.large", "us-east-1a"],
          ["c6g.large", "us-east-1a"],
        ]);
      });

      test("says in AWS's words that there is no capacity, and gets its machine when there is", async () => {
        await setCapacity(account(), { lacks: [{}] });
        await group.setCapacity(1);
        await failure(
          "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient c7g.large capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get c7g.large capacity by not specifying an Availability Zone in your request.",
        );
        await setCapacity(account(), {});
        await group.has(1);
      });

      test("gets what the quota leaves, which Service Quotas tells too", async () => {
        await setCapacity(account(), { vcpus: { "on-demand": 3 } });
        await group.setCapacity(2);
        await group.has(1);
        await failure(
          "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 3 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
        );
        const quotas = new ServiceQuotasClient(clientOptions(account()));
        const asked = new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: "L-1216C47A" });
        expect((await quotas.send(asked)).Quota?.Value).toBe(3);
      });
    });

    describe("on spot", () => {
      beforeAll(async () => {
        group = await EmulatedGroup.create(api, { name: "spot", zones: ["us-east-1a"], spot: true });
      });

      test("says in AWS's words what it lacks", async () => {
        await setCapacity(account(), { lacks: [{ market: "spot" }] });
        await group.setCapacity(1);
        await failure(
          "Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.",
        );
        await setCapacity(account(), { fleetRequests: false });
        await failure("You've reached your quota for maximum Fleet Requests for this account.");
        await setCapacity(account(), { vcpus: { spot: 1 } });
        await failure(
          "Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count exceeded.",
        );
      });

      test("is there until its last machine has gone", async () => {
        await group.setCapacity(1);
        await group.has(1);
        await group.delete();
        expect(await group.describe()).toMatchObject({ Status: "Delete in progress" });
        await group.isGone();
      });
    });
  },
  { pendingSeconds: 2, shuttingDownSeconds: 2, healthCheckSeconds: 1, relaunchSeconds: 1 },
);
