import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Answers as AWS; the SDK is led here by AWS_ENDPOINT_URL.
 *
 * @param answers by action, or by `action in region`: its answer, or its answers in order, of which the last is repeated
 */
export async function serveAws(answers: Readonly<Record<string, Answer | readonly Answer[]>>) {
  const asked = new Map<string, number>();
  const answerTo = (action: string, region: string): Answer | undefined => {
    const regional = `${action} in ${region}`;
    const key = regional in answers ? regional : action;
    const times = asked.get(key) ?? 0;
    asked.set(key, times + 1);
    const all = [answers[key] ?? []].flat();
    return all[Math.min(times, all.length - 1)];
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const target = String(request.headers["x-amz-target"] ?? "")
          .split(".")
          .at(-1);
        const action =
          target ||
          (new URLSearchParams(Buffer.concat(chunks).toString()).get("Action") ??
            (request.method === "HEAD" ? "HEAD" : "GET"));
        const region = regionOf(request.headers.authorization);
        const { status, body } = answerTo(action, region) ?? { status: 501, body: "" };
        response
          .writeHead(status, { "content-type": target ? "application/x-amz-json-1.1" : "text/xml" })
          .end(body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return { server, env };
}

/** The region that a request is signed for. */
export function regionOf(authorization = ""): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? "";
}

export const CALLER = {
  status: 200,
  body:
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    "<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>U</UserId><Account>123456789012</Account>" +
    "</GetCallerIdentityResult></GetCallerIdentityResponse>",
};

export function awsFailure(status: number, code: string, message: string): { status: number; body: string } {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status, body };
}

/** What EC2 answers of one instance. */
export function described(state: string, address?: string, id = "i-worker-1"): Answer {
  const ip = address === undefined ? "" : `<ipAddress>${address}</ipAddress>`;
  const item = `<item><instanceId>${id}</instanceId><instanceState><name>${state}</name></instanceState>${ip}</item>`;
  return {
    status: 200,
    body: `<DescribeInstancesResponse><reservationSet><item><instancesSet>${item}</instancesSet></item></reservationSet></DescribeInstancesResponse>`,
  };
}
