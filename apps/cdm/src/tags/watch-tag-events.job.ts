import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RepeatedJob } from '@app/service/repeated.job';
import { Warehouse } from '@app/warehouse/warehouse';
import { unpublishedOldestSeconds, unpublishedTagEvents } from './tag-events-metrics';

/**
 * Counts, every ten seconds, the tag events that are not published, also while the job that should publish them cannot.
 */
@Injectable()
export class WatchTagEventsJob implements OnModuleDestroy {
  private readonly job = new RepeatedJob('unpublished tag events', () => this.step(), 10);

  constructor(private readonly warehouse: Warehouse) {}

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
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
