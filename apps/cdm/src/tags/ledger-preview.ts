import type { Client } from '@app/warehouse/warehouse';
import type { NumberOfGuests } from './histogram';
import { guestQuery, membersQuery, type GuestQuery } from './members-query';
import type { Gain, NamedRule } from './preview-rule';
import { SAMPLE_USERS, type PreviewUser } from './tag-rule.contract';

/**
 * All users for whom the rule holds, and those of them who do not hold the tag; the ledger is read once.
 * @param shown number of the condition that is shown, or less than 0
 */
export async function gainFromLedger(
  client: Client,
  { tag, conditions, products }: NamedRule,
  shown: number,
  nowLocal: string,
): Promise<Gain> {
  const query = guestQuery(conditions, products, nowLocal, 2);
  const { rows } = await client.query<{
    matching: number;
    assigned: number;
    sample: string;
    numbers: string;
  }>(
    /* sql */ `
    WITH counted AS MATERIALIZED (${query.counted}
    ), reached AS MATERIALIZED (${membersQuery({ ...query, counted: 'SELECT * FROM counted' })}
    ), compared AS (
      SELECT reached.user_id, reached.order_cnt, held.tag IS NOT NULL AS holds
      FROM reached LEFT JOIN cdm.user_tags held ON held.user_id = reached.user_id AND held.tag = $1
    ), sample AS (
      SELECT source_user_id, user_id, order_cnt FROM (
        SELECT * FROM compared ORDER BY holds, order_cnt DESC, user_id LIMIT ${SAMPLE_USERS}
      ) AS first JOIN cdm.users USING (user_id) ORDER BY holds, order_cnt DESC, user_id
    )
    SELECT count(*)::integer AS matching, count(*) FILTER (WHERE NOT holds)::integer AS assigned,
      (SELECT coalesce(json_agg(sample), '[]') FROM sample) AS sample, (${numbersOf(query, shown)}) AS numbers
    FROM compared`,
    [tag, ...query.values],
  );
  const { sample, numbers, ...counts } = rows[0]!;
  return {
    ...counts,
    sample: JSON.parse(sample) as PreviewUser[],
    numbers: JSON.parse(numbers) as NumberOfGuests[],
  };
}

/** A query for how many guests have which number, as JSON. */
function numbersOf({ numbers }: GuestQuery, shown: number): string {
  return shown < 0
    ? `'[]'`
    : /* sql */ `
      SELECT coalesce(json_agg(json_build_object('number', number, 'users', users) ORDER BY number), '[]') FROM (
        SELECT number, count(*) AS users
        FROM (SELECT ${numbers[shown]} AS number FROM counted) AS numbers WHERE number IS NOT NULL GROUP BY number
      ) AS guests`;
}

/** How many users hold the tag, and none of the rules gives it to them. */
export async function losingFromLedger(
  client: Client,
  tag: string,
  givers: NamedRule[],
  nowLocal: string,
): Promise<number> {
  let held = 'SELECT user_id FROM cdm.user_tags WHERE tag = $1';
  const values: unknown[] = [tag];
  for (const { conditions, products } of givers) {
    const query = guestQuery(conditions, products, nowLocal, values.length + 1);
    held += ` EXCEPT SELECT user_id FROM (${membersQuery(query)}) AS members`;
    values.push(...query.values);
  }
  const { rows } = await client.query<{ losing: number }>(
    `SELECT count(*)::integer AS losing FROM (${held}) AS losing`,
    values,
  );
  return rows[0]!.losing;
}
