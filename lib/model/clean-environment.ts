/** Variables of the shell that must not reach a command in an emulated account: other accounts, proxies, authorities. */
const LEAKS = [/^AWS_/i, /^TF_/, /_proxy$/i, /^LOCUST_/, /^CDKTF_/, /^NODE_EXTRA_CA_CERTS$/];

/** This process's environment without anything that could lead a command elsewhere. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !LEAKS.some((leak) => leak.test(name))));
}
