export interface Answered {
  /** JSON: what is the same text needs no drawing. */
  text: string;
  /** It is from before the newest orders that the stream has reported. */
  isOld: boolean;
}

/** When the newest orders were counted that the stream has reported, in milliseconds of the server. */
let toldOf = 0;

/** From now on, what is from before this time is old. */
export function tellOf(asOf: string | null): void {
  toldOf = asOf === null ? 0 : Date.parse(asOf);
}

/**
 * Asks the API. The browser keeps answers and asks whether they still hold, by ETag.
 * @throws with a sentence for people
 */
export async function ask(path: string, signal?: AbortSignal): Promise<Answered> {
  const answer = await fetch(path, { signal, headers: { Accept: 'application/json' } });
  if (!answer.ok) {
    throw new Error(await complaint(answer));
  }
  const asOf = answer.headers.get('X-As-Of');
  return { text: await answer.text(), isOld: asOf !== null && Date.parse(asOf) < toldOf };
}

/** The detail of a problem (RFC 9457), or the status where the answer is none. */
async function complaint(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { detail?: unknown } | null;
  return typeof problem?.detail === 'string' ? problem.detail : `HTTP ${answer.status}`;
}
