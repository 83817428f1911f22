import type { Client } from '@app/warehouse/warehouse';
import { foldName } from '../tags/fold-name';
import { daysBefore } from '../tags/local-time';
import { matchOf, type TagRule } from '../tags/tag-rule';
import type { PreviewAnswer } from './tag-rule.contract';

const SAMPLE_USERS = 10;

/** A rule that need not be saved. */
export type TriedRule = Omit<TagRule, 'id'> & { enabled: boolean };

/**
 * What a rule would do, counted from the ledger as it stands in one moment. Nothing is saved.
 * @param client in a transaction that has done nothing yet
 * @param replacedId the rule that this one would replace, if any
 * @param nowLocal the present in the time zone of the source
 * @returns undefined where there is no rule to replace
 */
export async function previewRule(
  client: Client,
  rule: TriedRule,
  replacedId: string | undefined,
  nowLocal: string,
): Promise<PreviewAnswer | undefined> {
  await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  const { replaced, others } = await readReplaced(client, replacedId);
  if (replacedId !== undefined && !replaced) {
    return undefined;
  }
  const [tried, ...givers] = await countedRules(client, [rule, ...others], nowLocal);
  const gain = await countGain(client, rule.tag, tried!);
  if (!rule.enabled) {
    gain.assigned = 0;
  }
  if (!replaced?.enabled) {
    return { ...gain, revoked: 0 };
  }
  if (rule.enabled && rule.tag === replaced.tag) {
    givers.push(tried!);
  }
  return { ...gain, revoked: await countLoss(client, replaced.tag, givers) };
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
    SELECT id, tag, category, product_id, product_pattern, restaurant_id, min_orders, window_days, enabled
    FROM cdm.tag_rules WHERE tag = (SELECT tag FROM cdm.tag_rules WHERE id = $1)`,
    [id],
  );
  return {
    replaced: rows.find((rule) => rule.id === id.toLowerCase()),
    others: rows.filter((rule) => rule.id !== id.toLowerCase() && rule.enabled),
  };
}

/** A rule in the keys of the ledger. */
interface CountedRule {
  kind: 'category' | 'product' | 'restaurant';
  ids: string[];
  minOrders: number;
  /** Only orders after this time count. */
  since: string | null;
}

/** Patterns become the dishes that they stand for. */
async function countedRules(client: Client, rules: TriedRule[], nowLocal: string): Promise<CountedRule[]> {
  const matches = rules.map(matchOf);
  const names = matches.some(({ kind }) => kind === 'pattern') ? await foldedNames(client) : [];
  return rules.map(({ min_orders: minOrders, window_days }, place) => {
    const match = matches[place]!;
    const since = window_days === null ? null : daysBefore(nowLocal, window_days);
    if (match.kind !== 'pattern') {
      return { kind: match.kind, ids: [match.id], minOrders, since };
    }
    const dishes = names.filter(({ folded }) => folded.includes(match.folded));
    return { kind: 'product', ids: dishes.map(({ id }) => id), minOrders, since };
  });
}

async function foldedNames(client: Client): Promise<{ id: string; folded: string }[]> {
  const { rows } = await client.query<{ id: string; name: string }>(
    'SELECT product_id AS id, product_name AS name FROM cdm.product_names',
  );
  return rows.map(({ id, name }) => ({ id, folded: foldName(name) }));
}

const countsOrder = {
  category: 'EXISTS (SELECT FROM unnest(category_ids) AS item (id) WHERE item.id = ANY ($2::uuid[]))',
  product: 'EXISTS (SELECT FROM unnest(product_ids) AS item (id) WHERE item.id = ANY ($2::uuid[]))',
  restaurant: 'restaurant_id = ANY ($2::uuid[])',
};

/** All users that reach the rule, and those of them who do not hold the tag. */
async function countGain(
  client: Client,
  tag: string,
  { kind, ids, minOrders, since }: CountedRule,
): Promise<Omit<PreviewAnswer, 'revoked'>> {
  const { rows } = await client.query<{ matching: number; assigned: number; sample: string }>(
    /* sql */ `
    WITH reached AS (
      SELECT user_id, count(*)::integer AS order_cnt FROM cdm.order_versions
      WHERE status = 'CLOSED' AND ($3::timestamp IS NULL OR order_dt > $3) AND ${countsOrder[kind]}
      GROUP BY user_id HAVING count(*) >= $4
    ), compared AS (
      SELECT reached.user_id, reached.order_cnt, held.tag IS NOT NULL AS holds
      FROM reached LEFT JOIN cdm.user_tags held ON held.user_id = reached.user_id AND held.tag = $1
    ), sample AS (
      SELECT source_user_id, user_id, order_cnt FROM compared JOIN cdm.users USING (user_id)
      ORDER BY holds, order_cnt DESC, user_id LIMIT ${SAMPLE_USERS}
    )
    SELECT count(*)::integer AS matching, count(*) FILTER (WHERE NOT holds)::integer AS assigned,
      (SELECT coalesce(json_agg(sample), '[]') FROM sample) AS sample
    FROM compared`,
    [tag, ids, since, minOrders],
  );
  const { matching, assigned, sample } = rows[0]!;
  return { matching, assigned, sample: JSON.parse(sample) as PreviewAnswer['sample'] };
}

/** How many of the users that hold the tag reach none of the rules. */
async function countLoss(client: Client, tag: string, rules: CountedRule[]): Promise<number> {
  const keys = rules.flatMap(({ kind, ids }, place) => ids.map((id) => ({ place, kind, id })));
  const { rows } = await client.query<{ revoked: number }>(
    /* sql */ `
    WITH rule AS (
      SELECT * FROM unnest($2::integer[], $3::integer[], $4::timestamp[]) AS rule (place, min_orders, since)
    ), counted AS (
      SELECT * FROM unnest($5::integer[], $6::text[], $7::uuid[]) AS counted (place, kind, id)
    ), kept AS (
      SELECT user_id
      FROM cdm.user_tags held
      JOIN cdm.order_versions USING (user_id)
      CROSS JOIN LATERAL (
        SELECT 'category' AS kind, unnest(category_ids) AS id
        UNION ALL SELECT 'product', unnest(product_ids)
        UNION ALL SELECT 'restaurant', restaurant_id
      ) item
      JOIN counted USING (kind, id)
      JOIN rule USING (place)
      WHERE held.tag = $1 AND status = 'CLOSED' AND (rule.since IS NULL OR order_dt > rule.since)
      GROUP BY user_id, place, min_orders
      HAVING count(DISTINCT order_id) >= min_orders
    )
    SELECT count(*)::integer AS revoked FROM cdm.user_tags held
    WHERE tag = $1 AND NOT EXISTS (SELECT FROM kept WHERE kept.user_id = held.user_id)`,
    [
      tag,
      rules.map((_, place) => place),
      rules.map(({ minOrders }) => minOrders),
      rules.map(({ since }) => since),
      keys.map(({ place }) => place),
      keys.map(({ kind }) => kind),
      keys.map(({ id }) => id),
    ],
  );
  return rows[0]!.revoked;
}
