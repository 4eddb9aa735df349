/** What a changed setting does to a running cluster, in the words of docs/settings.md. */
export const CHANGE = {
  newCluster: "names another cluster: destroy the old one first",
  everything: "replaces everything: destroy first",
  machines: "replaces all machines",
  inPlace: "in place, nothing restarts",
  followed: "reaches running machines in seconds, after a run that is under way",
  resize: "in place: the machine stops and starts; replaced when the CPU architecture changes",
} as const;
