import type { Layers } from './layers';
import { wrongRows, type Row, type RowColumns, type WrongRow } from './wrong-rows';

type Thing = 'product' | 'restaurant';

/** The newest names of products or restaurants, against all names that the vault has of them. */
export async function wrongNames(
  layers: Layers,
  thing: Thing,
  after: string,
  upto: string,
): Promise<WrongRow[]> {
  const known = await layers.rows<{ said: string }>(
    'cdm',
    /* sql */ `
    SELECT json_build_array(${thing}_id, ${thing}_name, valid_from::text) AS said
    FROM cdm.${thing}_names WHERE ${thing}_id > $1 AND ${thing}_id <= $2`,
    [after, upto],
  );
  const found = known.map(({ said }) => JSON.parse(said) as string[]);
  const newest = await newestNames(layers, thing, found);
  const columns: RowColumns = {
    table: `cdm.${thing}_names`,
    key: [`${thing}_id`],
    others: [`${thing}_name`, 'valid_from'],
  };
  const [differing, expected] = [new Map(found.map((row) => [row[0]!, row])), [...newest.values()]];
  return wrongRows({ columns, against: 'the vault', place: '', expected, found }).map((row) => {
    const key = row.key[`${thing}_id`]!;
    const isOlder = differing.get(key)![2]! <= (newest.get(key)?.[2] ?? '');
    return { ...row, place: key, waits: isOlder };
  });
}

/** By the time of the dictionary, then the greater name, byte by byte. */
async function newestNames(layers: Layers, thing: Thing, known: string[][]): Promise<Map<string, Row>> {
  const ids = known.map(([id]) => id!);
  const rows = await layers.rows<{ said: string }>(
    'dds',
    'SELECT said FROM pipeline.audit_facts($1, $2, $3) WHERE table_name = $4',
    [[], thing === 'restaurant' ? ids : [], thing === 'product' ? ids : [], `dds.s_${thing}_names`],
  );
  const newest = new Map<string, [string, string, string]>();
  for (const { said } of rows) {
    const [id, time, , name] = JSON.parse(said) as [string, string, string, string];
    const best = newest.get(id);
    if (!best || time > best[2] || (time === best[2] && isGreater(name, best[1]))) {
      newest.set(id, [id, name, time]);
    }
  }
  return newest;
}

function isGreater(name: string, other: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(other)) > 0;
}

/** What patterns of rules stand for, against the newest names of products of a range of keys. */
export async function wrongPatternProducts(layers: Layers, after: string, upto: string): Promise<WrongRow[]> {
  const [row] = await layers.rows<{ names: string; rules: string; found: string }>('cdm', patterns, [
    after,
    upto,
  ]);
  const rules = JSON.parse(row!.rules) as [string, boolean, object][];
  if (rules.length === 0) {
    return [];
  }
  const names = (JSON.parse(row!.names) as [string, string][]).map(
    ([id, name]) => [id, folded(name)] as const,
  );
  const pending = new Set(rules.filter(([, isPending]) => isPending).map(([id]) => id));
  const expected = rules.flatMap(([rule, , conditions]) =>
    conditionsIn(conditions).flatMap(({ match }, number): Row[] => {
      const parts = [match?.product_pattern ?? []].flat().map(folded);
      return names
        .filter(([, name]) => parts.some((part) => name.includes(part)))
        .map(([product]) => [rule, String(number), product]);
    }),
  );
  return wrongRows({
    columns: { table: 'cdm.tag_rule_products', key: ['rule_id', 'condition', 'product_id'], others: [] },
    against: 'the names of products',
    place: '',
    expected,
    found: JSON.parse(row!.found) as Row[],
  })
    .filter(({ key }) => !pending.has(key.rule_id!))
    .map((one) => ({ ...one, place: one.key.product_id! }));
}

interface Pattern {
  count?: string;
  match?: { product_pattern?: string | string[] };
}

/** The conditions of a rule in the order in which they are written. */
function conditionsIn(conditions: object): Pattern[] {
  return 'count' in conditions
    ? [conditions as Pattern]
    : (Object.values(conditions).flat() as object[]).flatMap(conditionsIn);
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll('ё', 'е');
}

const patterns = /* sql */ `
  SELECT (
    SELECT coalesce(json_agg(json_build_array(product_id, product_name)), '[]') FROM cdm.product_names
    WHERE product_id > $1 AND product_id <= $2 AND EXISTS (SELECT FROM cdm.tag_rules)
  ) AS names, (
    SELECT coalesce(json_agg(json_build_array(id, EXISTS (
      SELECT FROM cdm.tag_evaluations WHERE rule_id = rule.id
    ), conditions)), '[]') FROM cdm.tag_rules rule WHERE enabled
  ) AS rules, (
    SELECT coalesce(json_agg(json_build_array(rule_id, condition::text, product_id)), '[]') FROM cdm.tag_rule_products
    WHERE product_id > $1 AND product_id <= $2 AND rule_id IN (SELECT id FROM cdm.tag_rules WHERE enabled)
  ) AS found`;
