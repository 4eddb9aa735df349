"use strict";
// The app of cdktf.json: main.ts, compiled. Through ts-node it takes four times as long, and needs what is only installed
// for development.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "build.js"))) {
  require("./build.js").build();
  require("../dist/main.js");
} else {
  // Installed: the main.ts of the project.
  const { projectRoot } = require("../dist/lib/model/project.js");
  require("./run-typescript.js").run(join(projectRoot(), "main.ts"));
}
