/** What a changed setting does to a running cluster, in the words of docs/settings.md. */
export const CHANGE = {
  newCluster: "creates another cluster: destroy the old one first",
  everything: "replaces everything: destroy first",
  machines: "replaces all machines",
  inPlace: "in place, nothing restarts",
  followed: "reaches running machines in seconds after `deploy` or `push`, or after the current run",
  deployed: "reaches running machines in seconds after `deploy`, or after the current run",
  newMachines: "new machines take it; those that are up stay until the fleet shrinks",
  resize: "in place: the machine stops and starts; another CPU architecture replaces it",
} as const;
