/** swc only removes the types: oxlint checks them. */
const swc = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
};

const common = {
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf\\.out", "<rootDir>/.cache"],
  transform: { "^.+\\.ts$": ["@swc/jest", swc] },
};

/** What the tests with real Terraform share. */
const emulated = {
  ...common,
  globalSetup: "<rootDir>/__tests__/helpers/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/helpers/global-teardown.ts",
};

/** Each suite is a script of package.json, which says how many files run at a time, and how long a test may take. */
module.exports = {
  testSequencer: "<rootDir>/tools/longest-first.js",
  projects: [
    /** Functions, classes and short scripts: no AWS, no Terraform. */
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        "<rootDir>/__tests__/integration/",
        "<rootDir>/__tests__/machines/",
        "\\.command\\.test\\.ts$",
      ],
      clearMocks: true,
    },
    /** The command line as a user runs it, each command a process of its own; programs and AWS are stubs. */
    {
      ...common,
      displayName: "commands",
      testMatch: ["<rootDir>/__tests__/**/*.command.test.ts"],
    },
    /** Real Terraform and an emulated AWS account, two files at a time: most of it is waiting. */
    {
      ...emulated,
      displayName: "integration",
      testMatch: ["<rootDir>/__tests__/integration/**/*.test.ts"],
    },
    /** Booted machines: root, systemd-nspawn and real Terraform; minutes, not seconds. */
    {
      ...emulated,
      displayName: "machines",
      testMatch: ["<rootDir>/__tests__/machines/**/*.test.ts"],
    },
  ],
};
