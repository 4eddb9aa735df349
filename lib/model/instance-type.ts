/** CPU architecture in AWS's words; it decides image and Python environment of a machine. */
export type Architecture = "arm64" | "x86_64";

/** An instance type as EC2 writes it: family, generation and options, a dot, a size. */
export const INSTANCE_TYPE =
  /^[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/;

/** Graviton: the letter g directly after the generation (c7g, m8gd, t4g), and the first one, a1. */
const ARM_FAMILY = /^(?:a1|[a-z]+\d+g[a-z]*)$/;

export function architectureOf(instanceType: string): Architecture {
  return ARM_FAMILY.test(familyOf(instanceType)) ? "arm64" : "x86_64";
}

/**
 * Types of family t run on CPU credits: beyond these t2 slows down in the middle of a long test, and later ones cost more,
 * because they are unlimited by default (EC2 User Guide, "Unlimited mode for burstable performance instances").
 */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(familyOf(instanceType));
}

function familyOf(instanceType: string): string {
  return instanceType.split(".")[0] ?? "";
}
