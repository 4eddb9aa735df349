export { buildEnvironment, type BuildOptions, type Environment } from "./build";
export { ensureVenv, type VenvOptions } from "./local";
export type { OnProgress } from "./progress";
