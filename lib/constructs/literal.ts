/**
 * Text that Terraform must take as it stands, without `${…}` and `%{…}` being evaluated.
 *
 * The replacements are functions because `"$$"` as a replacement string means a single `$` in JavaScript.
 */
export function literal(text: string): string {
  return text.replace(/\$\{/g, () => "$${").replace(/%\{/g, () => "%%{");
}
