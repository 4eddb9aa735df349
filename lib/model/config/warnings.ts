import { isBurstable } from "../instance-type";
import { explainUnknownRegion } from "./regions";
import type { Config } from "./schema";

/** Settings that are allowed, but deserve a warning at every synthesis. */
export function warningsFor({ access, region, workers }: Config): string[] {
  const warnings: string[] = [];
  const unknown = explainUnknownRegion(region);
  if (unknown) warnings.push(unknown);
  if (access.login === "none" && access.webCidrs.some((cidr) => cidr.endsWith("/0"))) {
    warnings.push(
      "the page is open to everyone and asks for no login: set 'access.login' or narrow 'access.webCidrs'",
    );
  }
  if (workers.count > 0 && isBurstable(workers.instanceType)) {
    warnings.push(
      `workers of type ${workers.instanceType} run on CPU credits: beyond these AWS ${workers.instanceType.startsWith("t2.") ? "slows them down" : "charges for every vCPU-hour"}; prefer c7g.large or another type that is not burstable`,
    );
  }
  return warnings;
}
