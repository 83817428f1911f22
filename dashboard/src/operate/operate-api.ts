import { askWithToken, Refused } from '../access/ask-with-token';
import type { Caller } from '../access/caller';
import type { Handled, HandledPart, LettersPage, ParkedPage, WholeLetter } from './answers';

/** What is asked for, by the names of the API; empty texts are left out. */
export type Filter = Readonly<Record<string, string>>;

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

  letters = (filter: Filter, cursor: string | undefined, signal: AbortSignal) =>
    this.ask<LettersPage>(`dead-letters?${queryOf({ ...filter, limit: '20', cursor: cursor ?? '' })}`, {
      signal,
    });

  /** @param place topic:partition:offset */
  letter = (place: string, signal: AbortSignal) =>
    this.ask<WholeLetter>(`dead-letters/${pathOf(place)}`, { signal });

  handleLetter = (place: string, deed: LetterDeed, query: Filter) =>
    this.post<Handled>(`dead-letters/${pathOf(place)}/${deed}?${queryOf(query)}`);

  handleLetters = (deed: LetterDeed, query: Filter) =>
    this.post<HandledPart>(`dead-letters/${deed}?${queryOf(query)}`);

  parked = (filter: Filter, skip: number, signal: AbortSignal) =>
    this.ask<ParkedPage>(`parked-orders?${queryOf({ ...filter, limit: '20', skip: String(skip) })}`, {
      signal,
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

function queryOf(parameters: Filter): URLSearchParams {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
}

function pathOf(place: string): string {
  return place.split(':').map(encodeURIComponent).join('/');
}
