"use strict";
// The app of cdktf.json: main.ts, compiled. Through ts-node it takes four times as long, and needs what is only installed
// for development.
require("./build.js").build();
require("../dist/main.js");
