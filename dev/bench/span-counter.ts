import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { keep } from '../services/process-keeper';

/** What came so far. */
export interface SpanCount {
  spans: number;
  requests: number;
  bytes: number;
}

/** Takes spans by OTLP over HTTP as a collector does and counts them, in a process of its own. */
export class SpanCounter {
  private constructor(
    private readonly receiver: ChildProcess,
    /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
    readonly address: string,
  ) {}

  static async start(): Promise<SpanCounter> {
    const receiver = fork(fileURLToPath(new URL('receive-spans.ts', import.meta.url)));
    keep(receiver);
    const [port] = (await once(receiver, 'message')) as [number];
    return new SpanCounter(receiver, `http://127.0.0.1:${port}`);
  }

  /** Ends the process. */
  async end(): Promise<SpanCount> {
    const counted = once(this.receiver, 'message');
    this.receiver.send('end');
    const [count] = (await counted) as [SpanCount];
    this.receiver.disconnect();
    return count;
  }
}
