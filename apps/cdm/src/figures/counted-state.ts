import { Inject, Injectable } from '@nestjs/common';
import { Warehouse } from '@app/warehouse/warehouse';
import { STREAM_WAREHOUSE } from './stream-warehouse';

/** Which orders the marts hold: two of these with the same number hold the same. */
export interface CountedState {
  /** Batches that have changed the marts, whichever replica counted them. */
  batches: string;
  /** When the newest of them was counted; null before any. */
  at: Date | null;
}

/** So long an answer serves all who ask, in milliseconds. */
const FRESH_MS = 50;

/** Asks how far the marts are: quickly, since on connections of its own, and for all who ask at the same time once. */
@Injectable()
export class CountedStates {
  private asked?: { at: number; state: Promise<CountedState> };

  constructor(@Inject(STREAM_WAREHOUSE) private readonly warehouse: Warehouse) {}

  read(): Promise<CountedState> {
    if (!this.asked || performance.now() - this.asked.at > FRESH_MS) {
      const asked = { at: performance.now(), state: this.ask() };
      asked.state.catch(() => (this.asked = undefined));
      this.asked = asked;
    }
    return this.asked.state;
  }

  private ask(): Promise<CountedState> {
    return this.warehouse.read(async (client) => {
      const { rows } = await client.query<CountedState>({
        name: 'read_counted_state',
        text: 'SELECT coalesce(sum(batch_cnt), 0)::text AS batches, max(counted_at) AS at FROM cdm.counted_batches',
      });
      return rows[0]!;
    });
  }
}
