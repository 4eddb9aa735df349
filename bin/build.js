"use strict";
// Compiles the sources to dist/. Plain JavaScript: it runs before anything is compiled.
const { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { basename, join, resolve } = require("node:path");

const root = join(__dirname, "..");
const lock = join(root, "dist.lock");
const stamp = join(root, "dist", ".built");
const entry = join(root, "dist", "cli", "index.js");
const sources = [
  "main.ts",
  "package.json",
  "aws",
  "lib",
  "locks",
  "protocol",
  "runtimes",
  "test-runs",
  "cli",
];

/** All TypeScript files of a file or folder. */
function filesIn(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path.endsWith(".ts") ? [path] : [];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

/** Time in ms of the newest source. Folders count too: a deleted file changes its folder. */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const children = readdirSync(path, { withFileTypes: true })
    .filter((child) => child.isDirectory() || child.name.endsWith(".ts"))
    .map((child) => newest(join(path, child.name)));
  return Math.max(stats.mtimeMs, ...children);
}

function newestSource() {
  return Math.max(...sources.map((source) => newest(join(root, source))));
}

function isCurrent() {
  if (!existsSync(entry) || !existsSync(stamp)) return false;
  return newestSource() <= Number(readFileSync(stamp, "utf8"));
}

function compile() {
  const { buildSync } = require(require.resolve("esbuild", { paths: [root] }));
  const started = newestSource();
  rmSync(stamp, { force: true });
  const options = { platform: "node", target: "node20.9", format: "cjs", logLevel: "warning" };
  // File by file, so that a command loads what it needs and no more. Types are the tests' business: an error in
  // them must not keep anybody from destroying a cluster.
  const entryPoints = sources.flatMap((source) => filesIn(join(root, source)));
  const where = { outbase: root, outdir: join(root, "dist"), metafile: true };
  const { metafile } = buildSync({ ...options, entryPoints, ...where });
  removeOthers(Object.keys(metafile.outputs).map((path) => resolve(path)));
  bundleSynthesis(buildSync, options);
  // The stamp tells the newest source that was compiled: a file saved meanwhile is newer, and compiled next time.
  writeFileSync(stamp, String(started));
}

/** What sources that have moved or gone left behind: an old config.js would be taken before the new config/index.js. */
function removeOthers(outputs) {
  const current = new Set(outputs);
  for (const source of sources.filter((name) => !name.includes("."))) {
    const folder = join(root, "dist", source);
    for (const name of readdirSync(folder, { recursive: true })) {
      const path = join(folder, name);
      if (name.endsWith(".js") && !current.has(path)) rmSync(path, { force: true });
    }
  }
}

/**
 * The synthesis in one file: reading the thousands that `cdktf` and the provider's bindings consist of takes longer than
 * to run them. Its name tells its content (bin/cached-program.js).
 */
function bundleSynthesis(buildSync, options) {
  const folder = join(root, "dist");
  const entryPoints = { synthesis: join(root, "main.ts") };
  const naming = { entryNames: "[name]-[hash]", outdir: folder, metafile: true };
  const { metafile } = buildSync({ ...options, entryPoints, ...naming, bundle: true, minify: true });
  const [bundle = ""] = Object.keys(metafile.outputs);
  const load = `require("../bin/cached-program.js").run(require.resolve("./${basename(bundle)}"));\n`;
  writeFileSync(join(folder, "main.js"), load);
  const older = readdirSync(folder).filter(
    (name) => /^synthesis-/.test(name) && !name.startsWith(basename(bundle)),
  );
  for (const name of older) rmSync(join(folder, name), { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/** A lock whose owner was killed is removed; one that is empty was made this very moment. */
function dropStaleLock() {
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true });
  } catch {
    // Its owner has finished meanwhile.
  }
}

function withLock(action) {
  while (!takeLock()) {
    dropStaleLock();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  try {
    action();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Compiles when dist/ is missing or older than the sources. Several processes may ask at once; one compiles. */
function build() {
  if (isCurrent()) return;
  withLock(() => {
    if (isCurrent()) return;
    process.stderr.write("compiling the command line (once after a change) …\n");
    compile();
  });
}

module.exports = { build };

if (require.main === module) build();
