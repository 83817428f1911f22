import { Injectable } from '@nestjs/common';
import { repeat } from '@app/service/repeated.job';
import { Warehouse } from '@app/warehouse/warehouse';
import { unpublishedOldestSeconds, unpublishedTagEvents } from './tag-events-metrics';

/**
 * Counts, every ten seconds, the tag events that are not published, also while the job that should publish them cannot.
 */
@Injectable()
export class WatchTagEventsJob {
  constructor(private readonly warehouse: Warehouse) {
    repeat('unpublished tag events', () => this.step(), { everySeconds: 10 });
  }

  private async step(): Promise<boolean> {
    const { rows } = await this.warehouse.read((client) =>
      client.query<{ events: number; oldest_seconds: number | null }>(/* sql */ `
        SELECT count(*)::integer AS events, greatest(extract(epoch FROM now() - min(at)), 0)::float8 AS oldest_seconds
        FROM cdm.user_tag_events WHERE published_at IS NULL`),
    );
    unpublishedTagEvents.set(rows[0]!.events);
    unpublishedOldestSeconds.set(rows[0]!.oldest_seconds ?? 0);
    return false;
  }
}
