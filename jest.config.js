/** Unit tests: pure, no AWS, no Terraform. The slower suites have configurations of their own. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/__tests__/integration/",
    "<rootDir>/__tests__/machines/",
  ],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out", "<rootDir>/.cache"],
  setupFilesAfterEnv: ["<rootDir>/jest.setup.js"],
  transform: { "^.+\\.ts$": "ts-jest" },
  clearMocks: true,
};
