"use strict";
// npm links the commands of dependencies only. Without a link of its own, `npx locust-cluster` would pack this project
// and install it into npm's cache before it starts.
const { lstatSync, mkdirSync, rmSync, symlinkSync } = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "..", "node_modules", ".bin");
const link = join(folder, "locust-cluster");
mkdirSync(folder, { recursive: true });
if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
symlinkSync(join("..", "..", "bin", "locust-cluster.js"), link);
