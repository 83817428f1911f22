import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';

/** Orders that wait, by what they miss: `user`, `restaurant` or `dish`. One that misses several counts for each. */
export interface Parked {
  missing: string;
  orders: number;
}

/** What a process reports of itself, in the columns of pipeline.service_states. */
export interface ToldState {
  service: string;
  instance: string;
  sourceTopic: string;
  consumerGroup: string;
  deadLetterTopic: string;
  messagesPerSecond: number;
  lastMessage?: { sentAt: number; delay: number };
  parked: Parked[];
  newest?: { orderId: string; version: string; at: Date };
}

/**
 * Writes the state of the process, and adds its new dead letters. Rows of processes that have ended go after a day, but
 * for the one that knows the newest version.
 * @param deadLetters by reason, those that were not reported yet
 */
export async function writeState(
  client: Client,
  state: ToldState,
  deadLetters: ReadonlyMap<string, number>,
): Promise<void> {
  const { lastMessage, newest } = state;
  const write = client.query({
    name: 'write_state',
    text: /* sql */ `
      INSERT INTO pipeline.service_states (service, instance, source_topic, consumer_group, dead_letter_topic, messages_per_second,
        last_message_sent_at, last_message_delay, parked, newest_object_id, newest_order_version, newest_at, seen_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
      ON CONFLICT (service, instance) DO UPDATE SET
        messages_per_second = EXCLUDED.messages_per_second, last_message_sent_at = EXCLUDED.last_message_sent_at,
        last_message_delay = EXCLUDED.last_message_delay, parked = EXCLUDED.parked,
        newest_object_id = EXCLUDED.newest_object_id, newest_order_version = EXCLUDED.newest_order_version,
        newest_at = EXCLUDED.newest_at, seen_at = EXCLUDED.seen_at`,
    values: [
      state.service,
      state.instance,
      state.sourceTopic,
      state.consumerGroup,
      state.deadLetterTopic,
      state.messagesPerSecond.toFixed(1),
      lastMessage ? new Date(lastMessage.sentAt) : null,
      lastMessage ? (lastMessage.delay / 1000).toFixed(3) : null,
      JSON.stringify(state.parked),
      newest?.orderId,
      newest?.version,
      newest?.at,
    ],
  });
  const forget = client.query({
    name: 'forget_ended_processes',
    text: /* sql */ `
      DELETE FROM pipeline.service_states WHERE service = $1 AND seen_at < now() - interval '1 day'
        AND newest_order_version IS DISTINCT FROM (SELECT max(newest_order_version) FROM pipeline.service_states WHERE service = $1)`,
    values: [state.service],
  });
  await together(write, forget, addDeadLetters(client, state.service, deadLetters));
}

/** @param deadLetters by reason */
async function addDeadLetters(
  client: Client,
  service: string,
  deadLetters: ReadonlyMap<string, number>,
): Promise<void> {
  if (deadLetters.size === 0) {
    return;
  }
  await client.query({
    name: 'add_dead_letters',
    text: /* sql */ `
      INSERT INTO pipeline.dead_letters AS known (service, reason, messages)
      SELECT $1, reason, messages FROM unnest($2::text[], $3::bigint[]) AS given (reason, messages) ORDER BY reason
      ON CONFLICT (service, reason) DO UPDATE SET messages = known.messages + EXCLUDED.messages`,
    values: [service, [...deadLetters.keys()], [...deadLetters.values()]],
  });
}
