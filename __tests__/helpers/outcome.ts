/** What came of a request: `ok`, or the error's name. */
export async function outcomeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => "ok",
    (error: Error) => error.name,
  );
}

/** With the error's message too. */
export async function messageOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => "ok",
    (error: Error) => `${error.name}: ${error.message}`,
  );
}
