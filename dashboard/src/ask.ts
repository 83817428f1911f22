/**
 * Asks the API. The browser keeps answers and asks whether they still hold, by ETag.
 * @returns the body, as JSON text: what is the same text needs no drawing
 * @throws with a sentence for people
 */
export async function ask(path: string, signal?: AbortSignal): Promise<string> {
  const answer = await fetch(path, { signal, headers: { Accept: 'application/json' } });
  if (!answer.ok) {
    throw new Error(await complaint(answer));
  }
  return answer.text();
}

/** The detail of a problem (RFC 9457), or the status where the answer is none. */
async function complaint(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { detail?: unknown } | null;
  return typeof problem?.detail === 'string' ? problem.detail : `HTTP ${answer.status}`;
}
