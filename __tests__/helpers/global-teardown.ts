import { removeRunFolder, runFolder } from "./run-folder";

export default function teardown(): void {
  removeRunFolder(runFolder());
}
