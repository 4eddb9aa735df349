import { literal } from "../../../lib/constructs/literal";

test.each([
  ["${path.module}", "$${path.module}"],
  ["%{ if true }", "%%{ if true }"],
  ["$5 and 100% {x}", "$5 and 100% {x}"],
  ["${a}${b}", "$${a}$${b}"],
])("%j reaches Terraform as %j", (text, escaped) => {
  expect(literal(text)).toBe(escaped);
});
