/** What a changed setting does to a cluster that runs; the words of the README's table. */
export const CHANGE = {
  newCluster: "names another cluster: destroy the old one first",
  everything: "replaces everything: destroy first",
  machines: "replaces all machines",
  inPlace: "in place, nothing restarts",
  nextStart: "reaches the machines when Locust starts next",
  resize: "in place: the machine stops and starts; replaced when the CPU architecture changes",
} as const;
