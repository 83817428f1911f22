export interface FieldError {
  field: string;
  message: string;
}

/** The API refused, with problem details (RFC 9457). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: FieldError[] = [],
    /** After so many milliseconds it may be asked again; undefined where that is not said. */
    readonly retryMs?: number,
  ) {
    super(detail);
  }
}

/**
 * Asks a route that needs a token.
 * @param token undefined: none, so that the API refuses
 * @throws {@link Refused} where the API answers a problem
 */
export async function askWithToken(
  path: string,
  token: string | undefined,
  request: RequestInit = {},
): Promise<Response> {
  const headers = { Accept: 'application/json', ...request.headers, Authorization: `Bearer ${token}` };
  const answer = await fetch(path, { ...request, headers, cache: 'no-store' });
  if (!answer.ok) {
    throw await refusalOf(answer);
  }
  return answer;
}

async function refusalOf(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string; errors?: FieldError[] };
  const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  return new Refused(
    answer.status,
    problem.detail ?? `HTTP ${answer.status}`,
    problem.errors,
    Number.isNaN(seconds) ? undefined : seconds * 1_000,
  );
}
