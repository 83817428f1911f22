export interface Answered {
  /** JSON: what is the same text needs no drawing. */
  text: string;
  /** It is from before the newest orders that the stream has reported. */
  isOld: boolean;
}

/** The answer is being computed: worth asking again a moment later. */
export class Computing extends Error {
  /** @param progress from 0 to 1 */
  constructor(readonly progress: number) {
    super('the answer is being computed');
  }
}

/** What is being computed is asked for again after this time. */
export const COMPUTING_MS = 1_000;

/** When the newest orders were counted that the stream has reported, in milliseconds of the server. */
let toldOf = 0;

/** From now on, what is from before this time is old. */
export function tellOf(asOf: string | null): void {
  toldOf = asOf === null ? 0 : Date.parse(asOf);
}

/**
 * Asks the API. The browser keeps answers and asks whether they still hold, by ETag.
 * @throws Computing; else with a sentence for people
 */
export async function ask(path: string, signal?: AbortSignal): Promise<Answered> {
  const answer = await fetch(path, { signal, headers: { Accept: 'application/json' } });
  if (!answer.ok) {
    throw new Error(await complaint(answer));
  }
  if (answer.status === 202) {
    throw new Computing(((await answer.json()) as { progress: number }).progress);
  }
  const asOf = answer.headers.get('X-As-Of');
  return { text: await answer.text(), isOld: asOf !== null && Date.parse(asOf) < toldOf };
}

/** The detail of a problem (RFC 9457), or the status where the answer is none. */
async function complaint(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { detail?: unknown } | null;
  return typeof problem?.detail === 'string' ? problem.detail : `HTTP ${answer.status}`;
}
