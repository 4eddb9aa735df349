/** What the three suites have in common. swc only removes the types: oxlint checks them. */
const swc = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
};

module.exports = {
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf\\.out", "<rootDir>/.cache"],
  transform: { "^.+\\.ts$": ["@swc/jest", swc] },
};
