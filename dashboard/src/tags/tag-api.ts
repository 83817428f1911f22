import type { Caller } from '../access/caller';
import { formats, type FileFormat } from '@app/spreadsheets/sheet';
import { askWithToken, Refused } from '../access/ask-with-token';
import { everyPage } from '../questions/every-page';
import type {
  AudiencePage,
  Backtest,
  Change,
  Changes,
  FailedEvent,
  Overlap,
  Overview,
  Preview,
  Rule,
  RuleInput,
  Webhook,
  WebhookInput,
  WebhookTest,
} from './answers';

/** So many changes are asked for at once for a file. */
const FILE_PAGE = 1_000;

/** The routes that need a token. All throw {@link Refused} where the API answers a problem. */
export class TagApi {
  /** @param token undefined: none, so that the API refuses */
  constructor(
    private readonly token: () => string | undefined,
    /** The API no longer knows the token. */
    private readonly onSignedOut: () => void,
  ) {}

  caller = (signal?: AbortSignal) => this.get<Caller>('caller', signal);
  rules = (signal?: AbortSignal) => this.get<Rule[]>('tag-rules', signal);
  overview = (signal?: AbortSignal) => this.get<Overview[]>('tags/overview', signal);

  create = (rule: RuleInput) => this.send<Rule>('POST', 'tag-rules', rule);
  change = (id: string, rule: RuleInput) => this.send<Rule>('PUT', `tag-rules/${id}`, rule);
  delete = (id: string) => this.send<undefined>('DELETE', `tag-rules/${id}`);

  /**
   * @param id the rule that this one would replace
   * @param histogramOf the path of the condition whose numbers are wanted, such as `all_of.0`
   */
  preview = (rule: RuleInput, id?: string, histogramOf?: string, signal?: AbortSignal) =>
    this.send<Preview>('POST', 'tag-rules/preview', { ...rule, id, histogram_of: histogramOf }, signal);

  backtest = (rule: RuleInput, signal?: AbortSignal) =>
    this.send<Backtest>('POST', 'tag-rules/backtest', rule, signal);

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
  history = (rule: string | undefined, cursor: number | undefined, limit = 20) =>
    this.get<Changes>(
      `tag-rules/${rule ? `${rule}/` : ''}history?${queryOf({ limit: String(limit), cursor: cursor?.toString() })}`,
    );

  /** All changes, the newest first. */
  async wholeHistory(rule: string | undefined): Promise<Change[]> {
    const pages = await everyPage<number, Changes>((cursor) => this.history(rule, cursor, FILE_PAGE));
    return pages.flatMap(({ changes }) => changes);
  }

  undo = (rule: string, number: number) =>
    this.send<unknown>('POST', `tag-rules/${rule}/history/${number}/undo`);

  webhooks = (signal?: AbortSignal) => this.get<Webhook[]>('webhooks', signal);
  /** @returns with the secret, which is shown this once */
  addWebhook = (webhook: WebhookInput) =>
    this.send<Webhook & { secret: string }>('POST', 'webhooks', webhook);
  changeWebhook = (id: string, webhook: WebhookInput) => this.send<Webhook>('PUT', `webhooks/${id}`, webhook);
  deleteWebhook = (id: string) => this.send<undefined>('DELETE', `webhooks/${id}`);
  testWebhook = (id: string) => this.send<WebhookTest>('POST', `webhooks/${id}/test`);
  retryWebhook = (id: string) => this.send<{ repeated: number }>('POST', `webhooks/${id}/retry`);
  /** The oldest events that were given up. */
  failures = (id: string, signal?: AbortSignal) =>
    this.get<{ failures: FailedEvent[] }>(`webhooks/${id}/failures?limit=100`, signal);

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
    try {
      return await askWithToken(`api/${path}`, token, request);
    } catch (error) {
      if (error instanceof Refused && error.status === 401 && token === this.token()) {
        this.onSignedOut();
      }
      throw error;
    }
  }
}

/** Asks again as soon as the API allows it, where it was asked too often. */
export async function patiently<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const pause = error instanceof Refused ? error.retryMs : undefined;
      if (pause === undefined) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      signal.throwIfAborted();
    }
  }
}

const pathOf = (tag: string) => `tags/${encodeURIComponent(tag)}/users`;

function queryOf(parameters: Record<string, string | undefined>): URLSearchParams {
  const given = Object.entries(parameters).filter((one): one is [string, string] => Boolean(one[1]));
  return new URLSearchParams(given);
}
