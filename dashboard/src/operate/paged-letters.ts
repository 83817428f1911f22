import { signal } from '@preact/signals';
import type { Letter, LettersPage } from './answers';
import type { Filter } from './operate-api';

interface Listed {
  letters: Letter[];
  next: string | null;
  held: number;
  left: number;
  isLoading: boolean;
  error?: string;
}

type AskPage = (filter: Filter, cursor: string | undefined, signal: AbortSignal) => Promise<LettersPage>;

/** The dead letters of a filter, page after page. */
export class PagedLetters {
  readonly shown = signal<Listed>({ letters: [], next: null, held: 0, left: 0, isLoading: true });
  private asking?: AbortController;

  constructor(private readonly ask: AskPage) {}

  /** @param cursor undefined: the first page */
  async load(filter: Filter, cursor?: string): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const before = this.shown.value;
    this.shown.value = { ...before, isLoading: true, error: undefined };
    try {
      const page = await this.ask(filter, cursor, asking.signal);
      const letters = cursor ? [...before.letters, ...page.letters] : page.letters;
      this.shown.value = { ...page, letters, isLoading: false };
    } catch (error) {
      if (!asking.signal.aborted) {
        this.shown.value = { ...before, isLoading: false, error: (error as Error).message };
      }
    }
  }

  close(): void {
    this.asking?.abort();
  }
}
