"use strict";
// Runs a TypeScript program without writing anything: esbuild removes the types in some milliseconds and needs no settings.
const { existsSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const { buildSync } = require("esbuild");

/** One file of the program and all that it imports by a path; packages stay what they are. */
function compile(file) {
  const options = { platform: "node", target: "node20.9", format: "cjs", sourcemap: "inline" };
  const source = { entryPoints: [file], absWorkingDir: dirname(file), bundle: true, packages: "external" };
  return buildSync({ ...options, ...source, write: false, logLevel: "warning" }).outputFiles[0].text;
}

/** Runs `file`. What does not compile is told with its place, with exit code 2. */
function run(file) {
  if (!existsSync(file)) {
    process.stderr.write(
      `there is no ${file}: 'npx locust-cluster init <folder>' writes a project with one\n`,
    );
    process.exit(2);
  }
  let code;
  try {
    code = compile(file);
  } catch (error) {
    // esbuild says itself what is wrong in the program, and lists it; not that it cannot run, e.g. another platform's binary.
    if (!error.errors) process.stderr.write(`${file} could not be compiled: ${error.message}\n`);
    process.exit(2);
  }
  // Through Node's own loader, which reads the source map: an error names the line that the user wrote.
  process.setSourceMapsEnabled(true);
  const program = new Module(file);
  program.filename = file;
  program.paths = Module._nodeModulePaths(dirname(file));
  program._compile(code, file);
}

module.exports = { run };
