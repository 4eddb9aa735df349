import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainUv } from "../../../runtimes/python/explain-errors";

const MESSAGES = join(__dirname, "messages");
const FILE = "locust/requirements.txt";
const PLATFORM = "arm64 with Python 3.13";

/** What uv said (recorded, the version in front of the name where it is not 0.13), the sentence and its remedy. */
const CASES: Record<string, [message: string, hint: string | undefined]> = {
  conflict: [
    `flask==1.0 in ${FILE} does not fit locust==2.47.0, which needs flask>=2.0.0`,
    `change flask in ${FILE}`,
  ],
  "conflict-among-own": [
    `kombu==5.3.0 in ${FILE} does not fit celery==4.4.7, which needs kombu>=4.6.10,<4.7`,
    `change kombu in ${FILE}`,
  ],
  "asked-twice": [`${FILE} asks for both requests==2.32.3 and requests==2.31.0`, "remove one of them"],
  "other-locust": [
    `${FILE} asks for locust==2.40.0, but the cluster runs Locust 2.47.0`,
    "set 'locust.version' in cluster.yaml instead, and remove the line",
  ],
  "unknown-package": [
    "the package index knows no package 'no-such-package-zzzq-1'",
    `check its spelling in ${FILE}`,
  ],
  "no-such-version": ["the package index has no version that fits 'requests==99.0'", `change it in ${FILE}`],
  "no-such-version-range": [
    "the package index has no version that fits 'requests>=99'",
    `change it in ${FILE}`,
  ],
  "no-such-locust": ["the package index has no Locust 9.9.9", "change 'locust.version' in cluster.yaml"],
  "no-wheel": wheel(`docopt has no wheel for ${PLATFORM}`),
  "no-wheel-platform": wheel(`pywin32 has no wheel for ${PLATFORM}, only for win32, win_amd64, win_arm64`),
  "no-wheel-python": wheel(`tensorflow==2.5.0 has no wheel for ${PLATFORM}`),
  "no-wheel-indirect": wheel(`python-nvd3 has no wheel for ${PLATFORM} (needed by apache-airflow==2.7.0)`),
  "python-too-old": [
    `locust==2.47.0 needs Python>=3.11, which ${PLATFORM} does not have`,
    `set 'machines.pythonVersion' in cluster.yaml, or choose another version in ${FILE}`,
  ],
  "bad-line": line(
    `'requests >=> 3' in ${FILE} is not a requirement: ` +
      `no such comparison operator ">=>", must be one of ~= == != <= >= < > ===`,
  ),
  "bad-words": line(
    `'hello world foo' in ${FILE} is not a requirement: Expected one of \`@\`, \`(\`, \`<\`, \`=\`, \`>\`, \`~\`, \`!\`, \`;\`, found \`w\``,
  ),
  "bad-option": line(`line 1 of ${FILE} is neither a requirement nor an option that is known`),
  "missing-include": [
    `${FILE} includes a file that cannot be read: /project/locust/nothere.txt`,
    "create it or remove the line",
  ],
  refused: unreachable("the package index at http://127.0.0.1:9"),
  "no-name": unreachable("the package index at http://index.invalid"),
  "not-cached": unreachable("the package index"),
  denied: [
    "the package index at http://localhost:18080 answers 401 Unauthorized",
    "check its address and the credentials in uv's configuration",
  ],
  unavailable: [
    "the package index at http://localhost:18080 answers 503 Service Unavailable",
    "try again later, or name another index in UV_DEFAULT_INDEX",
  ],
  certificate: [
    "the certificate of the package index at https://localhost:18443 is not trusted",
    "behind a company proxy name the file of its authority's certificate in SSL_CERT_FILE",
  ],
  "other-file": [
    "the package index delivers another file for bidict==0.24.1 than the lock names",
    `if the index can be trusted, delete the lock beside ${FILE}; it is then made anew`,
  ],
  "disk-full": [
    "no space left on the disk for the packages of the cluster",
    "an environment needs about 200 MB while it is built",
  ],
  unforeseen: [
    `uv cannot make the environment for ${PLATFORM}: Failed to initialize cache at \`/nowhere/uv\`: ` +
      "failed to create directory `/nowhere/uv`: No such file or directory (os error 2)",
    undefined,
  ],
  "0.8-conflict": [
    `flask==1.0 in ${FILE} does not fit locust==2.47.0, which needs flask>=2.0.0`,
    `change flask in ${FILE}`,
  ],
  "0.8-unknown-package": [
    "the package index knows no package 'no-such-package-zzzq-1'",
    `check its spelling in ${FILE}`,
  ],
  "0.8-no-wheel": wheel(`pywin32 has no wheel for ${PLATFORM}, only for win32, win_amd64, win_arm64`),
  "0.8-bad-line": line(
    `'requests >=> 3' in ${FILE} is not a requirement: ` +
      `no such comparison operator ">=>", must be one of ~= == != <= >= < > ===`,
  ),
  "0.8-refused": unreachable("the package index at http://127.0.0.1:9"),
};

function wheel(message: string): [string, string] {
  return [message, `machines do not compile: choose a version or a package that has one, in ${FILE}`];
}

function line(message: string): [string, string] {
  return [message, "write one package per line, e.g. 'requests>=2.32'"];
}

function unreachable(index: string): [string, string] {
  return [
    `${index} was not reached, and not all packages are cached on this computer`,
    "check the network; what was fetched once is installed again without",
  ];
}

describe("explainUv", () => {
  test.each(Object.entries(CASES))("%s", (name, [message, hint]) => {
    const stderr = readFileSync(join(MESSAGES, `${name}.txt`), "utf8");
    const locustVersion = name === "no-such-locust" ? "9.9.9" : "2.47.0";
    const error = explainUv(stderr, { requirements: FILE, platform: PLATFORM, locustVersion });
    expect({ message: error.message, hint: error.hint }).toEqual({ message, hint });
    expect(error.cause).toBe(stderr);
  });

  test("has a case for each recorded message", () => {
    const recorded = readdirSync(MESSAGES).map((file) => file.replace(".txt", ""));
    expect(recorded.sort()).toEqual(Object.keys(CASES).sort());
  });
});
