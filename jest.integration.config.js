/** Real Terraform and an emulated AWS account, two files at a time: most of it is waiting. */
module.exports = {
  ...require("./jest.base"),
  testMatch: ["<rootDir>/__tests__/integration/**/*.test.ts"],
  globalSetup: "<rootDir>/__tests__/helpers/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/helpers/global-teardown.ts",
  testTimeout: 600_000,
  maxWorkers: 2,
  verbose: true,
};
