import {
  Inject,
  Injectable,
  Logger,
  ServiceUnavailableException,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Response } from 'express';
import { reasonOf } from '@app/servers/reason-of';
import { Warehouse } from '@app/warehouse/warehouse';
import { CountedStates } from './counted-state';
import { SALES } from './denominators';
import { STREAM_WAREHOUSE } from './stream-warehouse';

/** A replica serves so many at once. */
const MOST_LISTENERS = 300;
/** So often it is asked whether orders were counted; at most so often that is sent. Milliseconds. */
const LOOK_MS = 200;
const SEND_MS = 1_000;
const ALIVE_MS = 15_000;
/** A listener who has not taken so many bytes is no longer there. */
const UNTAKEN_BYTES = 65_536;

interface Change {
  as_of: Date | null;
  closed_orders: number;
  newest_order_at: string | null;
}

/**
 * Sends all listeners an event when orders have been counted, by whichever replica: it looks at the marts, and only
 * while there are listeners. The first event comes at once, so that a page that was away learns what it has missed.
 * While the database cannot be asked, nothing is sent, not even that the stream is alive.
 */
@Injectable()
export class ChangeStream implements OnModuleDestroy {
  private readonly logger = new Logger('stream');
  private readonly listeners = new Set<Response>();
  private timer?: NodeJS.Timeout;
  private looking = false;
  private stopping = false;
  /** What was sent last, and when. */
  private batches?: string;
  private reported = '';
  private changedAt = -Infinity;
  private writtenAt = 0;

  constructor(
    @Inject(STREAM_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly states: CountedStates,
  ) {}

  /**
   * Answers with the stream, until the listener leaves or the service stops.
   * @throws ServiceUnavailableException when too many listen already
   */
  listen(response: Response): void {
    if (this.stopping || this.listeners.size >= MOST_LISTENERS) {
      response.header('Retry-After', '10');
      throw new ServiceUnavailableException('too many listen already');
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // A proxy that collects answers would collect for ever.
      'X-Accel-Buffering': 'no',
    });
    response.write('retry: 1000\n\n');
    response.on('close', () => this.leave(response));
    response.on('error', () => this.leave(response));
    this.listeners.add(response);
    if (this.listeners.size === 1) {
      this.batches = undefined;
      this.timer = setInterval(() => void this.look(), LOOK_MS);
      void this.look();
    } else if (this.reported !== '') {
      response.write(this.reported);
    }
  }

  onModuleDestroy(): void {
    this.stopping = true;
    clearInterval(this.timer);
    this.listeners.forEach((listener) => listener.end());
  }

  private leave(listener: Response): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) {
      clearInterval(this.timer);
      this.reported = '';
    }
  }

  private async look(): Promise<void> {
    if (this.looking) {
      return;
    }
    this.looking = true;
    try {
      const { batches, at } = await this.states.read();
      const now = performance.now();
      if (batches !== this.batches && now - this.changedAt >= SEND_MS) {
        const change = await this.readChange(at);
        this.batches = batches;
        this.changedAt = now;
        this.reported = `event: change\ndata: ${JSON.stringify(change)}\n\n`;
        this.write(this.reported);
      } else if (now - this.writtenAt >= ALIVE_MS) {
        this.write('event: alive\ndata:\n\n');
      }
    } catch (error) {
      this.logger.debug(`cannot look: ${reasonOf(error)}`);
    } finally {
      this.looking = false;
    }
  }

  private readChange(at: Date | null): Promise<Change> {
    return this.warehouse.read(async (client) => {
      const { rows } = await client.query<Omit<Change, 'as_of'>>({
        name: 'read_change',
        text: /* sql */ `
          SELECT (SELECT coalesce(sum(closed_order_cnt), 0)::integer FROM ${SALES}) AS closed_orders,
            (SELECT max(order_dt) FROM cdm.order_versions) AS newest_order_at`,
      });
      return { as_of: at, ...rows[0]! };
    });
  }

  private write(event: string): void {
    this.writtenAt = performance.now();
    for (const listener of this.listeners) {
      if (listener.writableLength > UNTAKEN_BYTES) {
        listener.destroy();
      } else {
        listener.write(event);
      }
    }
  }
}
