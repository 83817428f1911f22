import type { SentCounts } from './send-orders';

const summaryLines: [name: keyof SentCounts['byReason'], text: string][] = [
  ['status', 'as it happened'],
  ['correction', 'corrections'],
  ['cancellation', 'cancellations after close'],
  ['late', 'older versions, late'],
  ['resent', 'sent again'],
  ['repeat', 'exact repeats'],
  ['non_order', 'no orders'],
  ['broken', 'broken'],
];

/** Reports how far a stream is: on stderr while it is sent, at most once a second, and on stdout what it came to. */
export class SendingProgress {
  private readonly started = performance.now();
  private lastShown = this.started;
  private lastSent = this.started;
  private counts?: SentCounts;

  constructor(private readonly stream: string) {}

  show(counts: SentCounts): void {
    this.counts = counts;
    this.lastSent = performance.now();
    if (this.lastSent - this.lastShown < 1_000) {
      return;
    }
    this.lastShown = this.lastSent;
    process.stderr.write(`${this.stream}: ${counts.orders} orders, ${counts.messages} messages\n`);
  }

  end(wasInterrupted: boolean): void {
    const { orders = 0, messages = 0, byReason } = this.counts ?? {};
    const seconds = ((this.lastSent - this.started) / 1000).toFixed(1);
    console.log(
      [
        `${this.stream}${wasInterrupted ? ' (interrupted)' : ''}: ${orders} orders in ${messages} messages, ${seconds} s`,
        ...summaryLines.map(([reason, text]) => `  ${String(byReason?.[reason] ?? 0).padStart(8)} ${text}`),
      ].join('\n'),
    );
  }
}
