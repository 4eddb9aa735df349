import { regionOf } from "../cli/stub-aws";
import { stubAws } from "./stub-aws";

/** What somebody asks of EC2. */
export interface Asked {
  readonly action: string;
  readonly region: string;
  readonly parameters: URLSearchParams;
}

/**
 * Lets the AWS SDK ask the test's EC2 of every region, until the function that it gives is called.
 *
 * @param answer what stands in the answer's element, or nothing to refuse the call
 */
export function stubEc2(answer: (asked: Asked) => string | undefined): Promise<() => void> {
  return stubAws((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const parameters = new URLSearchParams(Buffer.concat(chunks).toString());
        const action = parameters.get("Action") ?? "";
        const region = regionOf(request.headers.authorization);
        const content = answer({ action, region, parameters });
        const refusal =
          "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
        response
          .writeHead(content === undefined ? 403 : 200, { "content-type": "text/xml" })
          .end(content === undefined ? refusal : `<${action}Response>${content}</${action}Response>`);
      });
  });
}
