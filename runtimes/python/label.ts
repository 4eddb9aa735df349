import { isAbsolute, join, relative } from "node:path";
import { REQUIREMENTS_FILE } from "../../lib/model/requirements";

/** The test's requirements file as the user would name it: `locust/requirements.txt`, or its full path elsewhere. */
export function labelOf(testDirectory: string, projectRoot: string): string {
  const file = join(testDirectory, REQUIREMENTS_FILE);
  const inside = relative(projectRoot, file);
  return inside.startsWith("..") || isAbsolute(inside) ? file : inside;
}
