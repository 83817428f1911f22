import { ask, Computing, COMPUTING_MS, type Answered } from './ask';

export interface Kept<Answer> {
  /** Undefined: none yet for this question. */
  answer?: Answer;
  /** When it was got, or found to hold still, in milliseconds. */
  at?: number;
  /** Why there is no newer one. */
  error?: string;
  loading: boolean;
  /** How much of the answer the server has computed, from 0 to 1; undefined: it answers at once. */
  progress?: number;
}

/** What failed is asked again by itself after this time. */
const RETRY_MS = 10_000;
/** What the server had to answer as it was before is asked again after this time. */
const RENEW_MS = 1_000;

/**
 * Keeps the newest answer to one question. Asks only one thing at a time: what is called for while it asks is asked
 * once, afterwards.
 */
export class AnswerKeeper<Answer> {
  private path?: string;
  private text?: string;
  private kept: Kept<Answer> = { loading: false };
  private asking?: AbortController;
  private again = false;
  private retry?: ReturnType<typeof setTimeout>;

  /** @param changed is called when something is different */
  constructor(private readonly changed: (kept: Kept<Answer>) => void) {}

  /**
   * Asks this from now on. What was answered to another question is forgotten when the new answer is there, or fails.
   */
  ask(path: string): void {
    if (path === this.path) {
      this.refresh();
      return;
    }
    this.path = path;
    this.text = undefined;
    this.asking?.abort();
    this.asking = undefined;
    this.kept = { ...this.kept, at: undefined, loading: true, error: undefined, progress: undefined };
    this.changed(this.kept);
    void this.load(path);
  }

  refresh(): void {
    if (this.asking) {
      this.again = true;
    } else if (this.path !== undefined) {
      void this.load(this.path);
    }
  }

  close(): void {
    this.path = undefined;
    this.asking?.abort();
    this.asking = undefined;
    clearTimeout(this.retry);
  }

  private async load(path: string): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    this.again = false;
    clearTimeout(this.retry);
    try {
      const answered = await ask(path, asking.signal);
      if (this.asking === asking) {
        this.take(answered);
      }
    } catch (error) {
      if (this.asking !== asking) {
        return;
      }
      if (error instanceof Computing) {
        this.wait(error.progress);
      } else {
        this.fail((error as Error).message);
      }
    }
    if (this.asking === asking) {
      this.asking = undefined;
      if (this.again) {
        this.refresh();
      }
    }
  }

  private take({ text, isOld }: Answered): void {
    if (isOld) {
      this.retry = setTimeout(() => this.refresh(), RENEW_MS);
    }
    const isNew = text !== this.text;
    const hadNews = this.kept.loading || this.kept.error !== undefined;
    this.text = text;
    this.kept = {
      answer: isNew ? (JSON.parse(text) as Answer) : this.kept.answer,
      at: Date.now(),
      loading: false,
    };
    if (isNew || hadNews) {
      this.changed(this.kept);
    }
  }

  /** What another question was answered does not stay meanwhile. */
  private wait(progress: number): void {
    this.text = undefined;
    this.kept = { loading: true, progress };
    this.retry = setTimeout(() => this.refresh(), COMPUTING_MS);
    this.changed(this.kept);
  }

  /** An older answer to the same question stays, and is said to be old. */
  private fail(error: string): void {
    const answer = this.text === undefined ? undefined : this.kept.answer;
    this.kept = { answer, at: this.kept.at, error, loading: false };
    this.retry = setTimeout(() => this.refresh(), RETRY_MS);
    this.changed(this.kept);
  }
}
