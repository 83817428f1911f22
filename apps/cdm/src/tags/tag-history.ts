import { declarationOf } from '@app/data-vault/columns';
import type { Client } from '@app/warehouse/warehouse';
import { TagRule } from '../entities/tag-rules.entity';
import type { HistoryPage, HistoryQuery, RuleChange } from './tag-history.contract';
import { pastRule, type StoredRule } from './tag-rules';

/** A rule as `to_jsonb` wrote its row. */
type WrittenRule = Omit<StoredRule, 'created_at'> & { created_at: string };

type ChangeRow = Omit<RuleChange, 'change' | 'before' | 'after'> & {
  before: WrittenRule | null;
  after: WrittenRule | null;
};

/**
 * A page of the changes of rules, the newest first.
 * @param ruleId of one rule alone
 */
export async function history(
  client: Client,
  { limit, cursor }: HistoryQuery,
  ruleId?: string,
): Promise<HistoryPage> {
  const { rows } = await client.query<ChangeRow>(
    /* sql */ `
    SELECT number::integer, rule_id, before, after, changed_by, changed_at FROM cdm.tag_rule_changes
    WHERE ($1::uuid IS NULL OR rule_id = $1) AND ($2::bigint IS NULL OR number < $2)
    ORDER BY number DESC LIMIT $3`,
    [ruleId, cursor, limit + 1],
  );
  const changes = rows.slice(0, limit).map(changeOf);
  return { changes, next: rows.length > limit ? changes.at(-1)!.number : null };
}

/**
 * Sets a rule back to what it was before a change: one that was created is deleted, and one that was deleted comes back
 * with its id.
 * @returns false where there is no such change
 */
export async function undoChange(client: Client, ruleId: string, number: number): Promise<boolean> {
  const { rows } = await client.query<{ before: object | null }>(
    'SELECT before FROM cdm.tag_rule_changes WHERE rule_id = $1 AND number = $2',
    [ruleId, number],
  );
  if (rows.length === 0) {
    return false;
  }
  const { before } = rows[0]!;
  await (before
    ? client.query(restore, [JSON.stringify(before)])
    : client.query('DELETE FROM cdm.tag_rules WHERE id = $1', [ruleId]));
  return true;
}

const names = declarationOf(TagRule).columns.map(({ name }) => name);

const restore = /* sql */ `
  INSERT INTO cdm.tag_rules (${names.join(', ')})
  SELECT ${names.join(', ')} FROM jsonb_populate_record(NULL::cdm.tag_rules, $1::jsonb)
  ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;

function changeOf({ number, rule_id, before, after, changed_by, changed_at }: ChangeRow): RuleChange {
  const change = before ? (after ? 'changed' : 'deleted') : 'created';
  return {
    number,
    rule_id,
    change,
    before: ruleOf(before),
    after: ruleOf(after),
    changed_by,
    changed_at,
  };
}

function ruleOf(row: WrittenRule | null): RuleChange['before'] {
  return row && pastRule({ ...row, created_at: new Date(row.created_at) });
}
