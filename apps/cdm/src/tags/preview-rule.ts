import type { Client } from '@app/warehouse/warehouse';
import { listConditions, type Conditions } from './conditions';
import { histogramBars, type NumberOfGuests } from './histogram';
import { guestQuery, membersQuery, type GuestQuery } from './members-query';
import { NamedProducts } from './named-products';
import type { Histogram, PreviewAnswer } from './tag-rule.contract';

const SAMPLE_USERS = 10;

/** A rule that need not be saved. */
export interface TriedRule {
  tag: string;
  conditions: Conditions;
  enabled: boolean;
}

export interface PreviewOptions {
  /** The rule that this one would replace, if any. */
  replacedId?: string;
  /** Path of the condition by whose number guests are shown. */
  histogramOf?: string;
}

/**
 * What a rule would do, counted from the ledger as it stands in one moment. Nothing is saved.
 * @param client in a snapshot
 * @param nowLocal the present in the time zone of the source
 * @returns undefined where there is no rule to replace
 */
export async function previewRule(
  client: Client,
  rule: TriedRule,
  { replacedId, histogramOf }: PreviewOptions,
  nowLocal: string,
): Promise<PreviewAnswer | undefined> {
  const { replaced, others } = await readReplaced(client, replacedId);
  if (replacedId !== undefined && !replaced) {
    return undefined;
  }
  const names = new NamedProducts(client);
  const gain = await countGain(client, rule, await names.of(rule.conditions), nowLocal, histogramOf);
  if (!rule.enabled) {
    gain.assigned = 0;
  }
  if (!replaced?.enabled) {
    return { ...gain, revoked: 0 };
  }
  const givers = rule.enabled && rule.tag === replaced.tag ? [...others, rule] : others;
  let held = 'SELECT user_id FROM cdm.user_tags WHERE tag = $1';
  const values: unknown[] = [replaced.tag];
  for (const { conditions } of givers) {
    const query = guestQuery(conditions, await names.of(conditions), nowLocal, values.length + 1);
    held += ` EXCEPT SELECT user_id FROM (${membersQuery(query)}) AS members`;
    values.push(...query.values);
  }
  const { rows } = await client.query<{ revoked: number }>(
    `SELECT count(*)::integer AS revoked FROM (${held}) AS losing`,
    values,
  );
  return { ...gain, revoked: rows[0]!.revoked };
}

/** The rule, and the other enabled rules that give its tag. */
async function readReplaced(
  client: Client,
  id: string | undefined,
): Promise<{ replaced?: TriedRule; others: TriedRule[] }> {
  if (id === undefined) {
    return { others: [] };
  }
  const { rows } = await client.query<TriedRule & { id: string }>(
    /* sql */ `
    SELECT id, tag, conditions, enabled
    FROM cdm.tag_rules WHERE tag = (SELECT tag FROM cdm.tag_rules WHERE id = $1)`,
    [id],
  );
  return {
    replaced: rows.find((rule) => rule.id === id.toLowerCase()),
    others: rows.filter((rule) => rule.id !== id.toLowerCase() && rule.enabled),
  };
}

/** All users for whom the rule holds, and those of them who do not hold the tag; the ledger is read once. */
async function countGain(
  client: Client,
  { tag, conditions }: TriedRule,
  products: Map<number, string[]>,
  nowLocal: string,
  histogramOf: string | undefined,
): Promise<Omit<PreviewAnswer, 'revoked'>> {
  const query = guestQuery(conditions, products, nowLocal, 2);
  const shown = listConditions(conditions).findIndex(({ path }) => path === histogramOf);
  const { rows } = await client.query<{
    matching: number;
    assigned: number;
    sample: string;
    numbers: string | null;
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
  const { matching, assigned, sample, numbers } = rows[0]!;
  return {
    matching,
    assigned,
    sample: JSON.parse(sample) as PreviewAnswer['sample'],
    ...(shown >= 0 && { histogram: histogram(numbers!, listConditions(conditions)[shown]!.condition.count) }),
  };
}

/** A query for how many guests have which number, as JSON. */
function numbersOf({ numbers }: GuestQuery, shown: number): string {
  return shown < 0
    ? 'NULL'
    : /* sql */ `
      SELECT coalesce(json_agg(json_build_object('number', number, 'users', users) ORDER BY number), '[]') FROM (
        SELECT number, count(*) AS users
        FROM (SELECT ${numbers[shown]} AS number FROM counted) AS numbers WHERE number IS NOT NULL GROUP BY number
      ) AS guests`;
}

function histogram(numbers: string, count: string): Histogram {
  return { bars: histogramBars(JSON.parse(numbers) as NumberOfGuests[], count === 'money') };
}
