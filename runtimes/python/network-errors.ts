import type { Explanation } from "./uv-errors";

/** uv read its cache only, and something was not in it. */
const NOT_CACHED = /was not found in the cache|network was disabled/;

const UNREACHABLE =
  /dns error|tcp connect error|Connection refused|connection reset|timed out|operation timed out|error sending request|network is unreachable/i;

/** Whether the index was out of reach, so that the cache may still suffice. */
export function isUnreachable(text: string): boolean {
  return UNREACHABLE.test(text) && !text.includes("peer certificate");
}

/** Trouble between uv and the package index, as opposed to trouble with the packages. */
export function explainNetwork(text: string): Explanation | undefined {
  const address = /https?:\/\/[^\s/)`]+/.exec(text)?.[0]?.replace(/\/\/[^@/]+@/, "//");
  const index = address ? `the package index at ${address}` : "the package index";
  if (text.includes("peer certificate")) {
    const remedy = "behind a company proxy name the file of its authority's certificate in SSL_CERT_FILE";
    return [`the certificate of ${index} is not trusted`, remedy];
  }
  const denied = /(401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)/.exec(text)?.[1];
  if (denied)
    return [`${index} answers ${denied}`, "check its address and the credentials in uv's configuration"];
  const status = /HTTP status \w+ error \((\d{3} [^)]+)\)/.exec(text)?.[1];
  if (status)
    return [`${index} answers ${status}`, "try again later, or name another index in UV_DEFAULT_INDEX"];
  if (NOT_CACHED.test(text) || isUnreachable(text)) {
    return [
      `${index} was not reached, and not all packages are cached on this computer`,
      "check the network; what was fetched once is installed again without",
    ];
  }
  return undefined;
}
