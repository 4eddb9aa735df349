/** Real Terraform and an emulated AWS account, two files at a time: most of it is waiting. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/integration/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out", "<rootDir>/.cache"],
  globalSetup: "<rootDir>/__tests__/helpers/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/helpers/global-teardown.ts",
  transform: { "^.+\\.ts$": "ts-jest" },
  testTimeout: 600_000,
  maxWorkers: 2,
  verbose: true,
};
