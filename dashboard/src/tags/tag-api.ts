import type { AudiencePage, Caller, Change, Changes, Overlap, Overview, Preview, RuleInput } from './answers';
import { conditionPath, fromApi, toApi, type ApiRule } from './old-form';

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

interface ApiChanges extends Omit<Changes, 'changes'> {
  changes: (Omit<Change, 'before' | 'after'> & { before: ApiRule | null; after: ApiRule | null })[];
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const formats = { csv: 'text/csv', xlsx: XLSX } as const;
export type FileFormat = keyof typeof formats;

/** The routes that need a token. All throw {@link Refused} where the API answers a problem. */
export class TagApi {
  /** @param token undefined: none, so that the API refuses */
  constructor(
    private readonly token: () => string | undefined,
    /** The API no longer knows the token. */
    private readonly onSignedOut: () => void,
  ) {}

  caller = (signal?: AbortSignal) => this.get<Caller>('caller', signal);
  rules = async (signal?: AbortSignal) => (await this.get<ApiRule[]>('tag-rules', signal)).map(fromApi);
  overview = (signal?: AbortSignal) => this.get<Overview[]>('tags/overview', signal);

  create = async (rule: RuleInput) => fromApi(await this.send<ApiRule>('POST', 'tag-rules', toApi(rule)));
  change = async (id: string, rule: RuleInput) =>
    fromApi(await this.send<ApiRule>('PUT', `tag-rules/${id}`, toApi(rule)));
  delete = (id: string) => this.send<undefined>('DELETE', `tag-rules/${id}`);

  /** @param id the rule that this one would replace */
  preview = (rule: RuleInput, id?: string, signal?: AbortSignal) =>
    this.send<Preview>('POST', 'tag-rules/preview', { ...toApi(rule), id }, signal);

  /** @param search part of a guest's id at the source */
  audience = (tag: string, search: string, cursor: string | undefined, signal?: AbortSignal) =>
    this.get<AudiencePage>(`${pathOf(tag)}?${queryOf({ limit: '20', search, cursor })}`, signal);

  /** The audience as a file. */
  async audienceFile(tag: string, search: string, format: FileFormat, language: string): Promise<Blob> {
    const path = `${pathOf(tag)}?${queryOf({ language, search })}`;
    return (await this.ask(path, { headers: { Accept: formats[format] } })).blob();
  }

  overlap = (tags: string[], signal?: AbortSignal) =>
    this.get<Overlap>(`tags/overlap?${new URLSearchParams(tags.map((tag) => ['tag', tag]))}`, signal);

  /** @param rule undefined: of all rules */
  async history(rule: string | undefined, cursor: number | undefined): Promise<Changes> {
    const query = queryOf({ limit: '20', cursor: cursor?.toString() });
    const page = await this.get<ApiChanges>(`tag-rules/${rule ? `${rule}/` : ''}history?${query}`);
    const changes = page.changes.map(({ before, after, ...change }) => ({
      ...change,
      before: before && fromApi(before),
      after: after && fromApi(after),
    }));
    return { ...page, changes };
  }

  undo = (rule: string, number: number) =>
    this.send<unknown>('POST', `tag-rules/${rule}/history/${number}/undo`);

  private async get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    return (await this.ask(path, { signal })).json() as Promise<Answer>;
  }

  private async send<Answer>(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const headers = body && { 'Content-Type': 'application/json' };
    const answer = await this.ask(path, { method, headers, body: body && JSON.stringify(body), signal });
    return (answer.status === 204 ? undefined : await answer.json()) as Answer;
  }

  private async ask(path: string, request: RequestInit): Promise<Response> {
    const token = this.token();
    const headers = { Accept: 'application/json', ...request.headers, Authorization: `Bearer ${token}` };
    const answer = await fetch(`api/${path}`, { ...request, headers, cache: 'no-store' });
    if (answer.ok) {
      return answer;
    }
    if (answer.status === 401 && token === this.token()) {
      this.onSignedOut();
    }
    throw await refusalOf(answer);
  }
}

const pathOf = (tag: string) => `tags/${encodeURIComponent(tag)}/users`;

function queryOf(parameters: Record<string, string | undefined>): URLSearchParams {
  const given = Object.entries(parameters).filter((one): one is [string, string] => Boolean(one[1]));
  return new URLSearchParams(given);
}

async function refusalOf(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string; errors?: FieldError[] };
  const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  return new Refused(
    answer.status,
    problem.detail ?? `HTTP ${answer.status}`,
    problem.errors?.map(({ field, message }) => ({ field: conditionPath(field), message })),
    Number.isNaN(seconds) ? undefined : seconds * 1_000,
  );
}
