import { hashKey } from '@app/data-vault/hash-key';
import { binaryArray } from '@app/warehouse/binary-array';
import { columns } from '@app/warehouse/columns';
import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import type { ActiveRule } from './active-rules';
import { listOf } from './list-of';
import { tagChanges, type Holding, type TagChange } from './tag-changes';
import { writeStates, type Judgement } from './user-states';

/**
 * Stores what was judged, and with it assigns and revokes the tags of users who are held, with an event for each
 * change.
 * @param judged what was judged from the ledger in this transaction
 * @param now the present, local at the source
 */
export async function decideTags(
  client: Client,
  userIds: string[],
  rules: ActiveRule[],
  judged: Judgement[],
  now: string,
): Promise<void> {
  const judgedOf = new Map(userIds.map((userId) => [userId, new Set<string>()]));
  for (const { userId, ruleId } of judged) {
    judgedOf.get(userId)?.add(ruleId);
  }
  const [, holdings] = await together(
    writeStates(client, judged),
    readHoldings(client, [...judgedOf.keys()], now),
  );
  await write(
    client,
    holdings.flatMap((holding) => tagChanges(holding, rules, judgedOf.get(holding.userId)!)),
  );
}

async function readHoldings(client: Client, userIds: string[], now: string): Promise<Holding[]> {
  if (userIds.length === 0) {
    return [];
  }
  // Without a name, as count-statement.ts says.
  const { rows } = await client.query<StoredHolding>(
    /* sql */ `
      SELECT user_id AS "userId", source_user_id AS "sourceUserId",
        coalesce((SELECT max(event_number) FROM cdm.user_tag_events event WHERE event.user_id = holder.user_id), 0)::integer
          AS "lastEvent",
        ARRAY(SELECT tag FROM cdm.user_tags held WHERE held.user_id = holder.user_id) AS tags, judged.*
      FROM cdm.users holder CROSS JOIN LATERAL (
        SELECT string_agg(rule_id::text, ',') AS rules, string_agg(holds::text, ',') AS holds,
          string_agg(order_cnt::text, ',') AS orders,
          string_agg(rule_id::text, ',') FILTER (WHERE until <= $2::timestamp) AS expired
        FROM cdm.user_rule_states known WHERE known.user_id = holder.user_id
      ) AS judged
      WHERE user_id = ANY ($1::uuid[]) ORDER BY user_id`,
    [binaryArray('uuid', userIds), now],
  );
  return rows.map(({ rules, orders, holds, expired, ...row }) => {
    const [numbers, held] = [listOf(orders), listOf(holds)];
    const states = listOf(rules).map((rule, at) => [
      rule,
      { holds: held[at] === 'true', orders: Number(numbers[at]) },
    ]);
    return { ...row, states: Object.fromEntries(states), expired: listOf(expired) };
  });
}

/** Lists are separated by commas. */
interface StoredHolding extends Pick<Holding, 'userId' | 'sourceUserId' | 'lastEvent' | 'tags'> {
  rules: string | null;
  holds: string | null;
  orders: string | null;
  expired: string | null;
}

async function write(client: Client, changes: TagChange[]): Promise<void> {
  const rows = changes.map(({ userId, eventNumber, event, sourceUserId, tag, orders }) => ({
    event_id: hashKey('user_tag_events', userId, String(eventNumber)),
    user_id: userId,
    event_number: String(eventNumber),
    event,
    source_user_id: sourceUserId,
    tag,
    order_cnt: orders,
  }));
  await tagEvents.run(client, { text: writeStatement }, rows);
}

const tagEvents = columns({
  event_id: 'uuid',
  user_id: 'uuid',
  event_number: 'bigint',
  event: 'text',
  source_user_id: 'text',
  tag: 'text',
  order_cnt: 'integer',
});

/**
 * By the clock of the database, and the users are held: the times of a user's events rise as their numbers do, unless
 * the clock is set back. Their order is that of the numbers.
 */
const writeStatement = /* sql */ `
    WITH change AS MATERIALIZED (
      SELECT * FROM ${tagEvents.unnest('change')}
    ), revoked AS (
      DELETE FROM cdm.user_tags held USING change
      WHERE event = 'revoked' AND held.user_id = change.user_id AND held.tag = change.tag
        AND ${tagEvents.isAmong('held', 'user_id')}
    ), assigned AS (
      INSERT INTO cdm.user_tags (user_id, tag, order_cnt, since)
      SELECT user_id, tag, order_cnt, statement_timestamp() FROM change WHERE event = 'assigned'
      RETURNING user_id
    )
    INSERT INTO cdm.user_tag_events (${tagEvents.names}, at)
    SELECT ${tagEvents.names}, statement_timestamp() FROM change
    RETURNING event_id`;
