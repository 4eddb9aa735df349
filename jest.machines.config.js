/** Booted machines: root, systemd-nspawn and real Terraform; minutes, not seconds. */
module.exports = {
  ...require("./jest.base"),
  testMatch: ["<rootDir>/__tests__/machines/**/*.test.ts"],
  globalSetup: "<rootDir>/__tests__/helpers/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/helpers/global-teardown.ts",
  testTimeout: 900_000,
  verbose: true,
};
