import { removeSuiteFolder, suiteFolder } from "../../tools/trials/suite-folder";

export default function teardown(): void {
  removeSuiteFolder(suiteFolder());
}
