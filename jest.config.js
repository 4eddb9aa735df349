/** Unit tests: pure, no AWS, no Terraform. The slower suites have configurations of their own. */
module.exports = {
  ...require("./jest.base"),
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/__tests__/integration/",
    "<rootDir>/__tests__/machines/",
  ],
  maxWorkers: "100%",
  clearMocks: true,
};
