#!/usr/bin/env node
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const [major, minor] = process.versions.node.split(".").map(Number);
const root = join(__dirname, "..");

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

if (major < 20 || (major === 20 && minor < 9)) {
  stop(
    `locust-cluster needs Node 20.9 or newer, this is ${process.versions.node}: install one from https://nodejs.org`,
  );
}
try {
  process.cwd();
} catch {
  stop("the folder in which this command runs is gone\nchange to another one, e.g. with 'cd'");
}
// A package from npm is compiled, has no sources, and came with its packages.
const build = join(__dirname, "build.js");
const isClone = existsSync(build);
if (isClone && !existsSync(join(root, "node_modules", "commander"))) {
  stop(`the packages of locust-cluster are not installed: run 'npm ci' in ${root}`);
}
try {
  if (isClone) require(build).build();
} catch (error) {
  stop(`the command line could not be compiled: ${error.message}`);
}
require("../dist/cli/index.js");
