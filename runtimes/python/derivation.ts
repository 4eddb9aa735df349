/** Words for the message about what uv was building. */
export interface UvContext {
  /** The user's requirements file as the user would name it, e.g. `locust/requirements.txt`. */
  readonly requirements: string;
  /** E.g. `arm64 with Python 3.13`. */
  readonly platform: string;
  readonly locustVersion: string;
}

/** Message and remedy. */
export type Explanation = readonly [message: string, hint?: string];

/** The version part of a requirement: `==1.0`, `>=2,<3`, or nothing. */
const VERSION = String.raw`(?:[<>=!~]=?=?[\w.*+!]+(?:,[<>=!~]=?=?[\w.*+!]+)*)?`;
/** A requirement as uv writes it within a sentence: `flask==1.0`, `locust[otel]`. */
const REQUIREMENT = String.raw`[\w.-]+(?:\[[\w,.-]+\])?${VERSION}`;

/**
 * Why no set of packages fits, out of uv's chain of "Because … we can conclude that …".
 *
 * The causes are tried from the most telling to the least: a missing wheel also shows up as a missing version.
 */
export function explainDerivation(text: string, context: UvContext): Explanation | undefined {
  if (!text.includes("No solution found")) return undefined;
  return (
    explainUnknown(text, context) ??
    explainPythonVersion(text, context) ??
    explainWheel(text, context) ??
    explainVersion(text, context) ??
    explainConflict(text, context)
  );
}

function explainUnknown(text: string, { requirements }: UvContext): Explanation | undefined {
  const name = find(text, `(${REQUIREMENT}) (?:was|were) not found in the package registry`);
  if (!name) return undefined;
  return [`the package index knows no package '${nameOf(name)}'`, `check its spelling in ${requirements}`];
}

function explainPythonVersion(text: string, { requirements, platform }: UvContext): Explanation | undefined {
  if (!/Python version \([^)]+\) does not satisfy/.test(text)) return undefined;
  const [, name = "a package", needed = "another Python"] =
    new RegExp(`(${REQUIREMENT}) depends on (Python${VERSION})`).exec(text) ?? [];
  return [
    `${name} needs ${needed}, which ${platform} does not have`,
    `set 'machines.pythonVersion' in cluster.yaml, or choose another version in ${requirements}`,
  ];
}

function explainWheel(text: string, { requirements, platform }: UvContext): Explanation | undefined {
  const wheelless = find(text, `(${REQUIREMENT}) ha(?:s|ve) no (?:usable wheels|wheels with)`);
  if (!wheelless) return undefined;
  const name = nameOf(wheelless);
  const asked = find(text, `you require (?:\\S+ and )?(${escape(name)}(?:\\[[\\w,.-]+\\])?${VERSION})[\\s,]`);
  const parent = asked ? undefined : find(text, `(${REQUIREMENT}) depends? on ${escape(name)}[\\s,<>=!~]`);
  const platforms = find(
    text,
    "Wheels are available for .*? on the following platforms: ((?:`\\w+`(?:, )?)+)",
  );
  const details = [
    parent && ` (needed by ${parent})`,
    platforms && `, only for ${platforms.replaceAll("`", "")}`,
  ];
  return [
    `${asked ?? name} has no wheel for ${platform}${details.filter(Boolean).join("")}`,
    `machines do not compile: choose a version or a package that has one, in ${requirements}`,
  ];
}

function explainVersion(text: string, { requirements, locustVersion }: UvContext): Explanation | undefined {
  const absent =
    find(text, `there (?:is|are) no versions? of (${REQUIREMENT})`) ??
    (/only .+? (?:is|are) available/.test(text) ? culprit(text) : undefined);
  if (absent === `locust==${locustVersion}`) {
    return [`the package index has no Locust ${locustVersion}`, "change 'locust.version' in cluster.yaml"];
  }
  return absent
    ? [`the package index has no version that fits '${absent}'`, `change it in ${requirements}`]
    : undefined;
}

function explainConflict(text: string, { requirements, locustVersion }: UvContext): Explanation {
  const reason = text.split("cause: ")[1] ?? text;
  const own = culprit(text);
  if (!own) return [`the packages of ${requirements} do not fit together: ${reason}`];
  if (nameOf(own) === "locust") {
    return [
      `${requirements} asks for ${own}, but the cluster runs Locust ${locustVersion}`,
      "set 'locust.version' in cluster.yaml instead, and remove the line",
    ];
  }
  const twice = find(text, `you require (${REQUIREMENT}) and ${escape(own)},`);
  if (twice) return [`${requirements} asks for both ${twice} and ${own}`, "remove one of them"];
  const [, other, needed] =
    new RegExp(`(${REQUIREMENT}) depends on (${escape(nameOf(own))}${VERSION})[\\s,]`).exec(text) ?? [];
  return [
    `${own} in ${requirements} does not fit ${other ? `${other}, which needs ${needed}` : `the other packages: ${reason}`}`,
    `change ${nameOf(own)} in ${requirements}`,
  ];
}

/** The requirement of the user's that stands in the way: the last named that is not the cluster's own. */
function culprit(text: string): string | undefined {
  const sentences = text.matchAll(new RegExp(`you require (${REQUIREMENT})(?: and (${REQUIREMENT}),)?`, "g"));
  const required = [...sentences]
    .flatMap((match) => [match[1], match[2]])
    .filter((name) => name !== undefined);
  return required.filter((name) => !/^(?:locust==|boto3$)/.test(name)).at(-1) ?? required.at(-1);
}

function find(text: string, pattern: string): string | undefined {
  return new RegExp(pattern).exec(text)?.[1];
}

function nameOf(requirement: string): string {
  return /^[\w.-]+/.exec(requirement)?.[0] ?? requirement;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
