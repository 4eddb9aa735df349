import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../lib/model/package-root";
import { UserError } from "../../../lib/model/user-error";
import { ownSource } from "./own-source";
import { packageDocument, type OwnPackage } from "./package-document";

/** Files of templates/project by their names in a project: npm leaves a file named .gitignore out of a package. */
const TEMPLATES = { "main.ts": "main.ts", "README.md": "README.md", gitignore: ".gitignore" };

/**
 * Writes a project that uses this package, with the test and the settings that this package has.
 *
 * @returns what to type there before `npm install`, if anything
 */
export function writeProject(folder: string, name: string): string | undefined {
  const root = packageRoot();
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as OwnPackage;
  const settings = withName(readFileSync(join(root, "cluster.yaml"), "utf8"), name, own);
  const { spec, step } = ownSource(root, own, folder);

  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  write("package.json", toJson(packageDocument(name, own, spec)));
  write("cdktf.json", toJson(cdktfDocument(name, own)));
  write("cluster.yaml", settings);
  cpSync(join(root, "locust"), join(folder, "locust"), {
    recursive: true,
    filter: (file) => !/__pycache__$|requirements-.*\.lock$/.test(file),
  });
  for (const [template, file] of Object.entries(TEMPLATES))
    write(file, readFileSync(join(root, "templates", "project", template), "utf8"));
  return step;
}

/** For `npx cdktf`. */
function cdktfDocument(projectId: string, { name }: OwnPackage): object {
  return {
    language: "typescript",
    app: `node node_modules/${name}/bin/synth.js`,
    projectId,
    sendCrashReports: "false",
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
}

/**
 * Two projects are two clusters, also in one account, and also when this is a clone whose cluster has a name.
 *
 * @throws UserError if the file has no line for the name
 */
export function withName(settings: string, name: string, own: OwnPackage): string {
  const line = [/^name:.*?([ \t]+#.*)?$/m, /^# name:.*?([ \t]+#.*)?$/m].find((each) => each.test(settings));
  if (!line) {
    throw new UserError(
      "cluster.yaml of this package has no line 'name: …' for the name of the new cluster",
      {
        hint: "write '# name: locust' into it",
      },
    );
  }
  return settings
    .replace("$schema=cluster.schema.json", `$schema=node_modules/${own.name}/cluster.schema.json`)
    .replace(line, (_, comment: string | undefined) => `name: ${name}${comment ?? ""}`);
}

function toJson(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
