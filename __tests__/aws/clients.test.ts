import { commandLineSources } from "../helpers/command-line-sources";

test("every AWS client of the command line asks the same way", () => {
  const files = commandLineSources().filter(
    ({ text }) => /from "@aws-sdk\/client-/.test(text) && /new \w+Client\(/.test(text),
  );
  expect(files.length).toBeGreaterThan(6);
  for (const { file, text } of files)
    expect([file, text.match(/credentials: awsCredentials/)?.length]).toEqual([file, 1]);
});
