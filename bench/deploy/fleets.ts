import { join } from "node:path";
import type { EmulatedAws } from "../../simulator/account/emulated-aws";
import { ClusterSteps } from "./cluster-steps";

const ELSEWHERE = ["eu-central-1", "us-west-2", "ap-southeast-2"];

/** Numbers of other regions, and the largest sizes of fleets. */
const REGIONS = [0, 1, 3];
const SIZES = [1, 500];

interface Case {
  readonly title: string;
  /** Settings as in cluster.yaml. */
  readonly fleets: Readonly<Record<string, object>>;
}

/** A fleet in the cluster's region, and one in each other region. */
function caseOf(regions: number, max: number): Case {
  const others = ELSEWHERE.slice(0, regions).map((region, index) => [
    `far-${index + 1}`,
    { region, max, spot: true },
  ]);
  const fleets = { home: { max, spot: true }, ...(Object.fromEntries(others) as object) };
  return { title: `1 at home, ${regions} elsewhere, max ${max}`, fleets };
}

/**
 * Deploys, plans and destroys a cluster without fleets and with some, and prints a row for each.
 *
 * @throws if the number of resources grows with `max`
 */
export async function benchFleets(aws: EmulatedAws, scratch: string): Promise<void> {
  console.log("| fleets | resources | deploy | plan | destroy |\n| --- | --- | --- | --- | --- |");
  const measure = async ({ title, fleets }: Case): Promise<number> => {
    const settings = `workers: { count: 1 }\nfleets: ${JSON.stringify(fleets)}`;
    const folder = join(scratch, title.replaceAll(/\W+/g, "-"));
    const cluster = new ClusterSteps({ aws, folder, settings });
    await cluster.prepare();
    const deploy = await cluster.deploy();
    const resources = await cluster.resources();
    const steps = [deploy, await cluster.plan(), await cluster.destroy()];
    const times = steps.map(({ seconds }) => `${seconds.toFixed(0)} s`).join(" | ");
    console.log(`| ${title} | ${resources} | ${times} |`);
    return resources;
  };
  await measure({ title: "none", fleets: {} });
  for (const regions of REGIONS) {
    const counts: number[] = [];
    for (const max of SIZES) counts.push(await measure(caseOf(regions, max)));
    if (new Set(counts).size > 1)
      throw new Error(
        `the number of resources grows with 'max': ${counts.join(", ")} for ${SIZES.join(", ")}`,
      );
  }
}
