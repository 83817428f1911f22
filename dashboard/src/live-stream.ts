import type { Change } from './questions/answers';

export type Liveness =
  { state: 'connecting' } | { state: 'live'; at: number } | { state: 'stale'; since: number };

const RETRY_MS = 3_000;
/** The server says something every 15 seconds, also when nothing happens. */
const SILENCE_MS = 40_000;
const LOOK_MS = 1_000;

/**
 * Listens to `/api/stream`, for ever, and knows since when it hears nothing. Times are milliseconds of this machine.
 */
export class LiveStream {
  private source?: EventSource;
  private heardAt = Date.now();
  private wasLive = false;
  private staleSince?: number;
  private retry?: ReturnType<typeof setTimeout>;
  private readonly watch = setInterval(() => this.watchSilence(), LOOK_MS);

  /**
   * @param onChange something was counted, or may have been while nothing was heard (then without a change)
   * @param onLiveness also when nothing but the time of the last sign has changed
   */
  constructor(
    private readonly onChange: (change?: Change) => void,
    private readonly onLiveness: (liveness: Liveness) => void,
  ) {
    this.connect();
  }

  get liveness(): Liveness {
    if (this.staleSince !== undefined) {
      return { state: 'stale', since: this.staleSince };
    }
    return this.wasLive ? { state: 'live', at: this.heardAt } : { state: 'connecting' };
  }

  close(): void {
    clearInterval(this.watch);
    clearTimeout(this.retry);
    this.source?.close();
  }

  private connect(): void {
    this.source?.close();
    this.source = new EventSource('api/stream');
    this.source.addEventListener('open', () => this.opened());
    this.source.addEventListener('alive', () => this.heard());
    this.source.addEventListener('change', ({ data }: MessageEvent<string>) => {
      this.heard();
      this.onChange(JSON.parse(data) as Change);
    });
    this.source.addEventListener('error', () => this.lost());
  }

  private opened(): void {
    const missedSome = this.staleSince !== undefined;
    this.wasLive = true;
    this.heard();
    if (missedSome) {
      this.onChange();
    }
  }

  private heard(): void {
    this.heardAt = Date.now();
    this.staleSince = undefined;
    this.onLiveness(this.liveness);
  }

  /** A broken connection is opened again by the browser, a refused one by us. */
  private lost(): void {
    this.staleSince ??= Date.now();
    this.onLiveness(this.liveness);
    if (this.source?.readyState === EventSource.CLOSED) {
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.connect(), RETRY_MS);
    }
  }

  /**
   * A connection can die without a word, as when a laptop sleeps: other clocks stand still then. One that was set back
   * says nothing.
   */
  private watchSilence(): void {
    if (this.staleSince === undefined && Math.abs(Date.now() - this.heardAt) > SILENCE_MS) {
      this.staleSince = this.heardAt;
      this.onLiveness(this.liveness);
      this.connect();
    }
  }
}
