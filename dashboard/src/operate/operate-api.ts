import { askWithToken, Refused } from '../access/ask-with-token';
import type { Caller } from '../access/caller';
import { everyPage } from '../questions/every-page';
import type {
  Finding,
  FindingsPage,
  Handled,
  HandledPart,
  Letter,
  LettersPage,
  ParkedOrder,
  ParkedPage,
  WholeLetter,
} from './answers';

/** What is asked for, by the names of the API; empty texts are left out. */
export type Filter = Readonly<Record<string, string>>;

/** So many rows are shown at a time, and so many are asked for at once for a file. */
export const PAGE = 20;
const FILE_PAGE = 500;

export type LetterDeed = 'replay' | 'discard';
export type ParkedDeed = 'retry' | 'discard';

/** The routes of what was refused or waits. All throw {@link Refused} where the API answers a problem. */
export class OperateApi {
  constructor(
    private readonly token: () => string | undefined,
    /** The API no longer knows the token. */
    private readonly onSignedOut: () => void,
  ) {}

  caller = (signal: AbortSignal) => this.ask<Caller>('caller', { signal });

  letters = (filter: Filter, cursor: string | undefined, signal?: AbortSignal, limit = PAGE) =>
    this.ask<LettersPage>(
      `dead-letters?${queryOf({ ...filter, limit: String(limit), cursor: cursor ?? '' })}`,
      { signal },
    );

  /** All that match, however many. */
  async everyLetter(filter: Filter): Promise<Letter[]> {
    const pages = await everyPage<string, LettersPage>((cursor) =>
      this.letters(filter, cursor, undefined, FILE_PAGE),
    );
    return pages.flatMap(({ letters }) => letters);
  }

  /** @param place topic:partition:offset */
  letter = (place: string, signal: AbortSignal) =>
    this.ask<WholeLetter>(`dead-letters/${pathOf(place)}`, { signal });

  handleLetter = (place: string, deed: LetterDeed, query: Filter) =>
    this.post<Handled>(`dead-letters/${pathOf(place)}/${deed}?${queryOf(query)}`);

  handleLetters = (deed: LetterDeed, query: Filter) =>
    this.post<HandledPart>(`dead-letters/${deed}?${queryOf(query)}`);

  parked = (filter: Filter, skip: number, signal?: AbortSignal, limit = PAGE) =>
    this.ask<ParkedPage>(`parked-orders?${pageOf(filter, skip, limit)}`, { signal });

  everyParked = (filter: Filter): Promise<ParkedOrder[]> =>
    everyRow(async (skip) => {
      const { orders, matching } = await this.parked(filter, skip, undefined, FILE_PAGE);
      return { rows: orders, matching };
    });

  findings = (filter: Filter, skip: number, signal?: AbortSignal, limit = PAGE) =>
    this.ask<FindingsPage>(`audit/findings?${pageOf(filter, skip, limit)}`, { signal });

  everyFinding = (filter: Filter): Promise<Finding[]> =>
    everyRow(async (skip) => {
      const { findings, matching } = await this.findings(filter, skip, undefined, FILE_PAGE);
      return { rows: findings, matching };
    });

  handleParked = (deed: ParkedDeed, query: Filter) =>
    this.post<{ orders: number }>(`parked-orders/${deed}?${queryOf(query)}`);

  private post<Answer>(path: string): Promise<Answer> {
    return this.ask(path, { method: 'POST' });
  }

  private async ask<Answer>(path: string, request: RequestInit): Promise<Answer> {
    const token = this.token();
    try {
      return (await (await askWithToken(`api/${path}`, token, request)).json()) as Answer;
    } catch (error) {
      if (error instanceof Refused && error.status === 401 && token === this.token()) {
        this.onSignedOut();
      }
      throw error;
    }
  }
}

/** All rows of pages that are asked for by how many come before. */
async function everyRow<Row>(
  ask: (skip: number) => Promise<{ rows: Row[]; matching: number }>,
): Promise<Row[]> {
  const pages = await everyPage<number, { rows: Row[]; next: number | null }>(async (skip = 0) => {
    const { rows, matching } = await ask(skip);
    const end = skip + rows.length;
    return { rows, next: rows.length > 0 && end < matching ? end : null };
  });
  return pages.flatMap(({ rows }) => rows);
}

function pageOf(filter: Filter, skip: number, limit: number): URLSearchParams {
  return queryOf({ ...filter, limit: String(limit), skip: String(skip) });
}

function queryOf(parameters: Filter): URLSearchParams {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
}

function pathOf(place: string): string {
  return place.split(':').map(encodeURIComponent).join('/');
}
