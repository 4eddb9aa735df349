import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOnHost } from "./host-command";
import { debianRecipe, imageName, type ImageRecipe } from "./image-recipe";

/** A root file system that machines share, read-only. */
export interface Image {
  readonly root: string;
}

async function build(recipe: ImageRecipe, root: string): Promise<void> {
  await runOnHost(
    "mmdebstrap",
    [
      "--variant=essential",
      "--format=directory",
      "--quiet",
      // A mirror may lag: machines of the simulator have nobody to be protected from.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${recipe.packages.join(",")}`,
      recipe.suite,
      root,
      ...(recipe.mirror ? [recipe.mirror] : []),
    ],
    { timeoutMs: 600_000 },
  );
  for (const pattern of recipe.removed) {
    // The shell expands the pattern: Node's own glob is not in version 20.
    await runOnHost("sh", ["-c", `rm -f ${join(root, pattern)}`]);
  }
  for (const [file, text] of Object.entries(recipe.files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** The image of the recipe from the cache folder, made first if it is not there: once, in about a minute. */
export async function prepareImage(
  folder: string,
  onProgress: (line: string) => void,
  recipe: ImageRecipe = debianRecipe(),
): Promise<Image> {
  const images = join(folder, "images");
  const root = join(images, imageName(recipe));
  if (existsSync(root)) return { root };
  mkdirSync(images, { recursive: true });
  // Images of older recipes and unfinished ones: each is 300 MB that nothing uses any more.
  for (const old of readdirSync(images)) rmSync(join(images, old), { recursive: true, force: true });
  onProgress(`making the Debian 13 image, once, in about a minute: ${root}`);
  await build(recipe, `${root}.unfinished`);
  renameSync(`${root}.unfinished`, root);
  return { root };
}
