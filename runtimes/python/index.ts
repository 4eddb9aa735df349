export { buildEnvironment, type BuildOptions, type Environment } from "./build";
export { ensureVenv, type VenvOptions } from "./ensure-venv";
export type { OnProgress } from "./progress";
