import type { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import type { Client } from '@app/warehouse/warehouse';
import { GIVE_UP_HOURS, pause, retryDelay } from './backoff';

/** Events of a message at most. One that failed is halved, so that a single event is found that cannot be taken. */
export const MOST_EVENTS = 50;
/** A process that freezes loses a webhook after this time; posting and what follows take far less. */
const LEASE = '45 seconds';

/** Events that are posted together. Those that were tried in a message of their own come alone. */
export interface Taken {
  webhookId: string;
  address: string;
  secret: string;
  deliveries: { id: string; attempts: number; event: UserTagEvent }[];
  /** Failures in a row of events that were posted first. */
  failures: number;
}

export type Kind = 'fresh' | 'retried';

const ofEarlier = /* sql */ `
  SELECT 1 FROM cdm.webhook_deliveries earlier
  WHERE earlier.webhook_id = waiting.webhook_id AND earlier.user_id = waiting.user_id
    AND earlier.event_number < waiting.event_number AND earlier.failed_at IS NULL`;

/** Events that were never posted alone, of users none of whose events is being retried. */
const FRESH = `failed_at IS NULL AND attempts = 0 AND NOT EXISTS (${ofEarlier} AND earlier.attempts > 0)`;
/** Events that are due, each the first of its user. */
const DUE = `failed_at IS NULL AND attempts > 0 AND next_attempt_at <= now() AND NOT EXISTS (${ofEarlier})`;

const FREE = 'enabled AND (paused_until <= now()) IS NOT FALSE';
/** No other process has the webhook. */
const OWN = (lease: string) => `(leased_by = ${lease}::uuid OR (leased_until <= now()) IS NOT FALSE)`;

/** The webhooks to which this process may post something now. */
export async function dueWebhooks(client: Client, lease: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({
    name: 'due_webhooks',
    text: /* sql */ `
    SELECT id FROM cdm.webhooks webhook
    WHERE ${FREE} AND ${OWN('$1')} AND (
      EXISTS (SELECT 1 FROM cdm.webhook_deliveries waiting WHERE webhook_id = webhook.id AND ${FRESH})
      OR EXISTS (SELECT 1 FROM cdm.webhook_deliveries waiting WHERE webhook_id = webhook.id AND ${DUE}))`,
    values: [lease],
  });
  return rows.map(({ id }) => id);
}

/**
 * Takes the next events of a webhook, and the webhook for this process alone.
 * @returns undefined where there is nothing to post, or another process has the webhook
 */
export async function takeMessage(
  client: Client,
  webhookId: string,
  lease: string,
  kind: Kind,
): Promise<Taken | undefined> {
  const { rows } = await client.query<{
    address: string;
    secret: string;
    most_events: number;
    failures: number;
  }>(
    /* sql */ `
    UPDATE cdm.webhooks SET leased_by = $2, leased_until = now() + interval '${LEASE}'
    WHERE id = $1 AND ${FREE} AND ${OWN('$2')}
    RETURNING address, secret, most_events, failures`,
    [webhookId, lease],
  );
  if (rows.length === 0) {
    return undefined;
  }
  const { most_events, ...webhook } = rows[0]!;
  const found = await client.query<Taken['deliveries'][number]>(
    kind === 'fresh' ? fresh : retried,
    kind === 'fresh' ? [webhookId, most_events] : [webhookId],
  );
  return found.rows.length > 0 ? { webhookId, ...webhook, deliveries: found.rows } : undefined;
}

const fresh = /* sql */ `
  SELECT id, attempts, event FROM cdm.webhook_deliveries waiting WHERE webhook_id = $1 AND ${FRESH} ORDER BY id LIMIT $2`;

const retried = /* sql */ `
  SELECT id, attempts, event FROM cdm.webhook_deliveries waiting WHERE webhook_id = $1 AND ${DUE}
  ORDER BY next_attempt_at, id LIMIT 1`;

/** Another process may take the webhook at once. */
export async function release(client: Client, webhookId: string, lease: string): Promise<void> {
  await client.query(
    'UPDATE cdm.webhooks SET leased_by = NULL, leased_until = NULL WHERE id = $1 AND leased_by = $2',
    [webhookId, lease],
  );
}

/** The message was taken. Its events are done, whichever replica has the webhook by now. */
export async function noteDelivered(client: Client, { webhookId, deliveries }: Taken): Promise<void> {
  await client.query('DELETE FROM cdm.webhook_deliveries WHERE id = ANY ($1::bigint[])', [
    deliveries.map(({ id }) => id),
  ]);
  await client.query(
    /* sql */ `
    UPDATE cdm.webhooks SET delivered_at = now(), problem = NULL, failing_since = NULL, failures = 0, paused_until = NULL,
      most_events = least(most_events * 2, ${MOST_EVENTS})
    WHERE id = $1`,
    [webhookId],
  );
}

/**
 * The message was not taken. Of several events any may be why: the next message has half of them. An event alone is
 * tried again later, and the later ones of its user wait for it; where it was posted for the first time, the receiver
 * may be down, and everything pauses. What has waited for a day is given up: the event, and all others of the webhook
 * where it has taken nothing for a day.
 * @returns how many events are given up
 */
export async function noteFailed(
  client: Client,
  { webhookId, deliveries, failures }: Taken,
  problem: string,
): Promise<number> {
  const [first, second] = deliveries;
  const isAlone = second === undefined;
  const isFresh = first!.attempts === 0;
  const isNew = isAlone && isFresh;
  await client.query(
    /* sql */ `
    UPDATE cdm.webhooks SET problem = $2, failing_since = coalesce(failing_since, now()), most_events = coalesce($3, most_events),
      failures = failures + $4, paused_until = now() + make_interval(secs => $5)
    WHERE id = $1`,
    [
      webhookId,
      problem,
      isFresh ? Math.max(1, Math.floor(deliveries.length / 2)) : null,
      isNew ? 1 : 0,
      isNew ? pause(failures + 1) / 1_000 : 0,
    ],
  );
  if (isAlone) {
    await client.query(
      /* sql */ `
      UPDATE cdm.webhook_deliveries SET attempts = attempts + 1, problem = $2, next_attempt_at = now() + make_interval(secs => $3)
      WHERE id = $1`,
      [first!.id, problem, retryDelay(first!.attempts + 1) / 1_000],
    );
  }
  const { rowCount } = await client.query(giveUp, [webhookId, isAlone ? first!.id : null, problem]);
  return rowCount!;
}

const giveUp = /* sql */ `
  UPDATE cdm.webhook_deliveries SET failed_at = now(), problem = coalesce(problem, $3)
  WHERE webhook_id = $1 AND failed_at IS NULL AND handed_at < now() - interval '${GIVE_UP_HOURS} hours' AND (
    id = $2 OR (SELECT failing_since < now() - interval '${GIVE_UP_HOURS} hours' FROM cdm.webhooks WHERE id = $1))`;
