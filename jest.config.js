/** Unit tests: pure, no AWS, no Terraform. The slower suites have configurations of their own. */
module.exports = {
  ...require("./jest.base"),
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/__tests__/integration/",
    "<rootDir>/__tests__/machines/",
  ],
  setupFilesAfterEnv: ["<rootDir>/jest.setup.js"],
  maxWorkers: "100%",
  clearMocks: true,
};
