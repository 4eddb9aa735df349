"use strict";
// Runs a bundled program with the machine code that V8 made of it at an earlier run: compiling takes longer than running.
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const { dirname } = require("node:path");
const { Script } = require("node:vm");

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Keeps the code for the next run. Where that is not possible, the next run compiles again. */
function keep(script, path) {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/**
 * Runs a CommonJS file. Its code is kept beside it, in `<file>.cache`, so a changed file needs a new name: V8 itself looks
 * only at the version, its flags and the length of the source.
 */
function run(file) {
  const cache = `${file}.cache`;
  const cachedData = read(cache);
  const script = new Script(wrap(readFileSync(file, "utf8")), { filename: file, cachedData });
  if (!cachedData || script.cachedDataRejected) process.on("exit", () => keep(script, cache));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
}

module.exports = { run };
