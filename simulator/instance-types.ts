import { architectureOf } from "../lib/model/instance-type";

/** Families of the other architecture with the same sizes, for types that a host cannot run. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  t4g: "t3",
  t3: "t4g",
  a1: "m5",
  c6g: "c6i",
  c6i: "c6g",
  c7g: "c7i",
  c7i: "c7g",
  m6g: "m6i",
  m7g: "m7i",
  r7g: "r7i",
};

/** The type itself if this host has its architecture, else one with as many processors that it has. */
export function hostType(type: string, host: string = process.arch): string {
  const wanted = host === "arm64" ? "arm64" : "x86_64";
  if (architectureOf(type) === wanted) return type;
  const [family = "", size = ""] = type.split(".");
  const base = COUNTERPARTS[family] ?? (wanted === "arm64" ? "c7g" : "c7i");
  return `${base}.${base.startsWith("c") && /nano|micro|small|medium/.test(size) ? "large" : size}`;
}
