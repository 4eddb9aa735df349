import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const awsIndex = {
  name: "@cdktf/provider-aws",
  message: "import @cdktf/provider-aws/lib/<resource>: the index costs 2 s and 500 MiB",
};

export default defineConfig(
  { ignores: ["cdktf.out/", "dist/", "coverage/", ".cache/", ".venv/", ".venv-dev/", "**/*.js", "**/*.mjs"] },
  eslint.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { paths: [awsIndex] }],
    },
  },
  {
    // The command line and the environment builder start fast and never synthesize.
    files: ["cli/**", "environment/**"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: [awsIndex, { name: "cdktf" }, { name: "constructs" }],
          patterns: [
            { group: ["@cdktf/*"] },
            {
              group: ["**/lib/constructs/**", "**/lib/locust-stack"],
              message: "only the pure files of lib/ are shared",
            },
          ],
        },
      ],
    },
  },
);
