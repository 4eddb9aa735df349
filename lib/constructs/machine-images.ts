import type { Construct } from "constructs";
import { type Architecture, architectureOf } from "../model/instance-type";
import { MachineImage } from "./machine-image";

/** One image of a region for each architecture, by instance type. */
export type ImageOf = (instanceType: string) => MachineImage;

export function addImages(
  scope: Construct,
  instanceTypes: readonly string[],
  imageId: string | undefined,
): ImageOf {
  const images = new Map<Architecture, MachineImage>();
  for (const architecture of new Set(instanceTypes.map(architectureOf))) {
    const id = `image-${architecture.replaceAll("_", "-")}`;
    images.set(architecture, new MachineImage(scope, id, { architecture, imageId }));
  }
  return (instanceType) => images.get(architectureOf(instanceType))!;
}
