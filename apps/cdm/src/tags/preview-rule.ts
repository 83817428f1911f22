import type { Client } from '@app/warehouse/warehouse';
import { foldName } from '@app/values/fold-name';
import { daysBefore } from '@app/values/local-time';
import { matchOf, type TagRule } from './tag-rule';
import type { PreviewAnswer } from './tag-rule.contract';

const SAMPLE_USERS = 10;

/** A rule that need not be saved. */
export type TriedRule = Omit<TagRule, 'id'> & { enabled: boolean };

/**
 * What a rule would do, counted from the ledger as it stands in one moment. Nothing is saved.
 * @param client in a snapshot
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

/** A rule in the keys of the ledger; a pattern has those of all products that it stands for. */
interface CountedRule {
  kind: 'category' | 'product' | 'restaurant' | 'pattern';
  ids: string[];
  minOrders: number;
  /** Only orders after this time count. */
  since: string | null;
}

async function countedRules(client: Client, rules: TriedRule[], nowLocal: string): Promise<CountedRule[]> {
  const matches = rules.map(matchOf);
  const names = matches.some(({ kind }) => kind === 'pattern') ? await foldedNames(client) : [];
  return rules.map(({ min_orders: minOrders, window_days }, place) => {
    const match = matches[place]!;
    const ids =
      match.kind === 'pattern'
        ? names.filter(({ folded }) => folded.includes(match.folded)).map(({ id }) => id)
        : [match.id];
    const since = window_days === null ? null : daysBefore(nowLocal, window_days);
    return { kind: match.kind, ids, minOrders, since };
  });
}

async function foldedNames(client: Client): Promise<{ id: string; folded: string }[]> {
  const { rows } = await client.query<{ id: string; name: string }>(
    'SELECT product_id AS id, product_name AS name FROM cdm.product_names',
  );
  return rows.map(({ id, name }) => ({ id, folded: foldName(name) }));
}

/** All users that reach the rule, and those of them who do not hold the tag. */
async function countGain(
  client: Client,
  tag: string,
  rule: CountedRule,
): Promise<Omit<PreviewAnswer, 'revoked'>> {
  const { text, values } = reaching(rule, 2);
  const { rows } = await client.query<{ matching: number; assigned: number; sample: string }>(
    /* sql */ `
    WITH reached AS (${text}
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
    [tag, ...values],
  );
  const { matching, assigned, sample } = rows[0]!;
  return { matching, assigned, sample: JSON.parse(sample) as PreviewAnswer['sample'] };
}

/** How many of the users that hold the tag reach none of the rules. */
async function countLoss(client: Client, tag: string, rules: CountedRule[]): Promise<number> {
  const keepers = rules.map((rule, place) => reaching(rule, 2 + 3 * place));
  const { rows } = await client.query<{ revoked: number }>(
    /* sql */ `
    SELECT count(*)::integer AS revoked FROM (
      SELECT user_id FROM cdm.user_tags WHERE tag = $1
      ${keepers.map(({ text }) => `EXCEPT SELECT user_id FROM (${text}) AS reached`).join('\n')}
    ) AS losing`,
    [tag, ...keepers.flatMap(({ values }) => values)],
  );
  return rows[0]!.revoked;
}

/** A query for the users that reach a rule, with their counts. Its three values have the numbers from `first`. */
function reaching({ kind, ids, minOrders, since }: CountedRule, first: number) {
  const [keys, start, least] = [`$${first}::uuid[]`, `$${first + 1}::timestamp`, `$${first + 2}::integer`];
  const text = /* sql */ `
      SELECT user_id, count(*)::integer AS order_cnt FROM cdm.order_versions
      WHERE status = 'CLOSED' AND (${start} IS NULL OR order_dt > ${start}) AND ${counts[kind](keys)}
      GROUP BY user_id HAVING count(*) >= ${least}`;
  return { text, values: [ids, since, minOrders] };
}

/**
 * Whether an order counts. Comparing two lists is quick only while one of them is short; a pattern may stand for many
 * products.
 */
const counts = {
  category: (keys: string) => `category_ids && ${keys}`,
  product: (keys: string) => `product_ids && ${keys}`,
  restaurant: (keys: string) => `restaurant_id = ANY (${keys})`,
  pattern: (keys: string) =>
    `EXISTS (SELECT 1 FROM unnest(product_ids) AS line (product_id) WHERE product_id = ANY (${keys}))`,
};
