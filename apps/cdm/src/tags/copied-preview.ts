import type { Client } from '@app/warehouse/warehouse';
import type { OrderColumns } from '../figures/order-columns';
import { listConditions, reportedCondition } from './conditions';
import { copiedAudience, numbersOf, type CopiedAudience } from './copied-audience';
import type { Gain, NamedRule } from './preview-rule';
import { SAMPLE_USERS, type PreviewUser } from './tag-rule.contract';

/** A user for whom the rule holds, who may be shown. */
interface Candidate {
  userId: string;
  /** Whether they hold the tag. */
  isHolder: boolean;
  orders: number;
}

/** As {@link gainFromLedger}. */
export async function gainFromCopy(
  client: Client,
  columns: OrderColumns,
  { tag, conditions, products }: NamedRule,
  shown: number,
  nowLocal: string,
): Promise<Gain> {
  const audience = await copiedAudience(columns, conditions, products, nowLocal);
  const holders = await readHolders(client, tag);
  const empty = audience.ofEmpty ? await readEmpty(client, tag) : { count: 0, first: [] };
  const reported = reportedCondition(conditions);
  const { matching, first } = membersOf(columns, audience, reported, holders);
  const isMember = memberTest(columns, audience);
  const sample = [...first, ...empty.first].sort(compare).slice(0, SAMPLE_USERS);
  const counts = audience.counts[shown];
  return {
    matching: matching + empty.count,
    assigned: matching + empty.count - holders.filter(isMember).length,
    sample: await readSample(client, sample),
    numbers: counts ? numbersOf(listConditions(conditions)[shown]!.condition, counts, nowLocal) : [],
  };
}

/** As {@link losingFromLedger}. */
export async function losingFromCopy(
  client: Client,
  columns: OrderColumns,
  tag: string,
  givers: NamedRule[],
  nowLocal: string,
): Promise<number> {
  let losing = await readHolders(client, tag);
  for (const { conditions, products } of givers) {
    const isMember = memberTest(columns, await copiedAudience(columns, conditions, products, nowLocal));
    losing = losing.filter((userId) => !isMember(userId));
  }
  return losing.length;
}

function memberTest(columns: OrderColumns, { holds, ofEmpty }: CopiedAudience): (userId: string) => boolean {
  return (userId) => {
    const guest = columns.users.find(userId);
    return guest === undefined ? ofEmpty : holds[guest] === 1;
  };
}

/** As one text, since a row for each user takes several times as long. */
async function readHolders(client: Client, tag: string): Promise<string[]> {
  const { rows } = await client.query<{ users: string }>(
    `SELECT coalesce(string_agg(user_id::text, ','), '') AS users FROM cdm.user_tags WHERE tag = $1`,
    [tag],
  );
  const { users } = rows[0]!;
  return users === '' ? [] : users.split(',');
}

/** Users without CLOSED orders: how many, and those who are shown first. */
async function readEmpty(client: Client, tag: string): Promise<{ count: number; first: Candidate[] }> {
  const { rows } = await client.query<{ count: number; first: string }>(
    /* sql */ `
    WITH empty AS MATERIALIZED (
      SELECT guest.user_id, held.tag IS NOT NULL AS holds
      FROM cdm.users guest LEFT JOIN cdm.user_tags held ON held.user_id = guest.user_id AND held.tag = $1
      WHERE closed_order_cnt = 0
    )
    SELECT count(*)::integer AS count, (
      SELECT coalesce(json_agg(json_build_object('userId', user_id, 'isHolder', holds, 'orders', 0)), '[]')
      FROM (SELECT * FROM empty ORDER BY holds, user_id LIMIT ${SAMPLE_USERS}) AS shown
    ) AS first
    FROM empty`,
    [tag],
  );
  return { count: rows[0]!.count, first: JSON.parse(rows[0]!.first) as Candidate[] };
}

/**
 * Users with orders for whom the rule holds: how many, and those who are shown first.
 * @param reported number of the condition whose orders are reported, or less than 0
 */
function membersOf(
  columns: OrderColumns,
  { holds, counts }: CopiedAudience,
  reported: number,
  holders: string[],
): { matching: number; first: Candidate[] } {
  const orders = counts[reported]?.orders;
  const isHolder = new Uint8Array(holds.length);
  for (const userId of holders) {
    const guest = columns.users.find(userId);
    if (guest !== undefined) {
      isHolder[guest] = 1;
    }
  }
  let matching = 0;
  let first: Candidate[] = [];
  for (const [guest, held] of holds.entries()) {
    if (held === 1 && columns.orders.at(guest) > 0) {
      matching += 1;
      const one = {
        userId: columns.users.key(guest),
        isHolder: isHolder[guest] === 1,
        orders: orders?.[guest] ?? 0,
      };
      if (first.length < SAMPLE_USERS || compare(one, first.at(-1)!) < 0) {
        first = [...first, one].sort(compare).slice(0, SAMPLE_USERS);
      }
    }
  }
  return { matching, first };
}

/** Those without the tag first, then those with the most orders. */
function compare(one: Candidate, other: Candidate): number {
  return (
    Number(one.isHolder) - Number(other.isHolder) ||
    other.orders - one.orders ||
    (one.userId < other.userId ? -1 : 1)
  );
}

async function readSample(client: Client, sample: Candidate[]): Promise<PreviewUser[]> {
  const { rows } = await client.query<{ user_id: string; source_user_id: string }>(
    'SELECT user_id, source_user_id FROM cdm.users WHERE user_id = ANY ($1::uuid[])',
    [sample.map(({ userId }) => userId)],
  );
  const known = new Map(rows.map((row) => [row.user_id, row.source_user_id]));
  return sample.map(({ userId, orders }) => ({
    source_user_id: known.get(userId)!,
    user_id: userId,
    order_cnt: orders,
  }));
}
