import type { Client } from '@app/warehouse/warehouse';
import { newSecret } from './sign';
import type {
  FailedEvent,
  FailuresPage,
  FailuresQuery,
  NewWebhook,
  WebhookAnswer,
  WebhookInput,
} from './webhooks.contract';

/** Each is posted to by itself; more would be a distribution of its own. */
export const MOST_WEBHOOKS = 20;

/** @returns the oldest first */
export function listWebhooks(client: Client): Promise<WebhookAnswer[]> {
  return readWebhooks(client, null);
}

/** @returns undefined where there is no such webhook */
export async function readWebhook(client: Client, id: string): Promise<WebhookAnswer | undefined> {
  return (await readWebhooks(client, id))[0];
}

/** @returns undefined where there are too many already */
export async function createWebhook(
  client: Client,
  { address, tags, enabled = true }: WebhookInput,
  createdBy: string,
): Promise<NewWebhook | undefined> {
  const secret = newSecret();
  const { rows } = await client.query<{ id: string }>(
    /* sql */ `
    INSERT INTO cdm.webhooks (address, secret, tags, enabled, created_by)
    SELECT $1, $2, $3::text[], $4, $5 WHERE (SELECT count(*) FROM cdm.webhooks) < ${MOST_WEBHOOKS}
    RETURNING id`,
    [address, secret, tags, enabled, createdBy],
  );
  return rows[0] && { ...(await readWebhook(client, rows[0].id))!, secret };
}

/** Does nothing where there is no such webhook. What waits is posted to the new address at once. */
export async function changeWebhook(
  client: Client,
  id: string,
  { address, tags, enabled = true }: WebhookInput,
): Promise<void> {
  await client.query(
    /* sql */ `
    UPDATE cdm.webhooks SET address = $2, tags = $3::text[], enabled = $4, paused_until = NULL, failures = 0 WHERE id = $1`,
    [id, address, tags, enabled],
  );
}

/** @returns whether there was such a webhook; what waited for it is not posted any more */
export async function deleteWebhook(client: Client, id: string): Promise<boolean> {
  // Events are handed over to webhooks whose row they lock.
  await client.query('SELECT FROM cdm.webhooks WHERE id = $1 FOR UPDATE', [id]);
  await client.query('DELETE FROM cdm.webhook_deliveries WHERE webhook_id = $1', [id]);
  const { rowCount } = await client.query('DELETE FROM cdm.webhooks WHERE id = $1', [id]);
  return rowCount === 1;
}

export async function readSecret(
  client: Client,
  id: string,
): Promise<{ address: string; secret: string } | undefined> {
  const { rows } = await client.query<{ address: string; secret: string }>(
    'SELECT address, secret FROM cdm.webhooks WHERE id = $1',
    [id],
  );
  return rows[0];
}

/** A page of the events that were given up, the oldest first. */
export async function failures(
  client: Client,
  id: string,
  { limit, cursor }: FailuresQuery,
): Promise<FailuresPage> {
  const { rows } = await client.query<FailedEvent>(
    /* sql */ `
    SELECT id::integer, event, attempts, problem, failed_at FROM cdm.webhook_deliveries
    WHERE webhook_id = $1 AND failed_at IS NOT NULL AND ($2::bigint IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [id, cursor, limit + 1],
  );
  const page = rows.slice(0, limit);
  return { failures: page, next: rows.length > limit ? page.at(-1)!.id : null };
}

/**
 * Lets all events that were given up be posted again, for a day.
 * @returns how many they are
 */
export async function retryFailures(client: Client, id: string): Promise<number> {
  const { rowCount } = await client.query(
    /* sql */ `
    UPDATE cdm.webhook_deliveries SET failed_at = NULL, problem = NULL, attempts = 0, handed_at = now(), next_attempt_at = now()
    WHERE webhook_id = $1 AND failed_at IS NOT NULL`,
    [id],
  );
  await client.query(
    'UPDATE cdm.webhooks SET paused_until = NULL, failures = 0, failing_since = NULL WHERE id = $1',
    [id],
  );
  return rowCount!;
}

async function readWebhooks(client: Client, id: string | null): Promise<WebhookAnswer[]> {
  const { rows } = await client.query<WebhookAnswer>(
    /* sql */ `
    SELECT id, address, tags, enabled, created_by, created_at, waiting, oldest_waiting_at, failed,
      delivered_at AS last_delivered_at, problem AS last_problem
    FROM cdm.webhooks webhook CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE failed_at IS NULL)::integer AS waiting, count(failed_at)::integer AS failed,
        min(handed_at) FILTER (WHERE failed_at IS NULL) AS oldest_waiting_at
      FROM cdm.webhook_deliveries WHERE webhook_id = webhook.id
    ) AS counted
    WHERE $1::uuid IS NULL OR id = $1 ORDER BY created_at, id`,
    [id],
  );
  return rows;
}
