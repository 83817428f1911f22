import { Injectable } from '@nestjs/common';
import { repeat } from '@app/service/repeated.job';
import { Warehouse } from '@app/warehouse/warehouse';
import { failedWebhookEvents, webhookOldestSeconds } from './webhook-metrics';

/** Counts, every ten seconds, what waits for webhooks and what was given up, whichever replica posts. */
@Injectable()
export class WatchWebhooksJob {
  constructor(private readonly warehouse: Warehouse) {
    repeat('waiting webhooks', () => this.step(), { everySeconds: 10 });
  }

  private async step(): Promise<boolean> {
    const { rows } = await this.warehouse.read((client) =>
      client.query<{ failed: number; oldest_seconds: number }>(/* sql */ `
        SELECT count(failed_at)::integer AS failed, greatest(extract(epoch FROM now() - min(handed_at) FILTER (
          WHERE failed_at IS NULL AND webhook_id IN (SELECT id FROM cdm.webhooks WHERE enabled))), 0)::float8 AS oldest_seconds
        FROM cdm.webhook_deliveries`),
    );
    failedWebhookEvents.set(rows[0]!.failed);
    webhookOldestSeconds.set(rows[0]!.oldest_seconds);
    return false;
  }
}
