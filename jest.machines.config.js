/** Booted machines: root, systemd-nspawn and real Terraform; minutes, not seconds. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/machines/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out", "<rootDir>/.cache"],
  globalSetup: "<rootDir>/__tests__/helpers/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/helpers/global-teardown.ts",
  transform: { "^.+\\.ts$": "ts-jest" },
  testTimeout: 900_000,
  verbose: true,
};
