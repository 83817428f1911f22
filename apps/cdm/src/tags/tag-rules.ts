import type { Client } from '@app/warehouse/warehouse';
import { HAS_PATTERN } from './active-rules';
import { toOldForm } from './conditions';
import type { TriedRule } from './preview-rule';
import { conditionsOf, type PastRule, type TagRuleAnswer, type TagRuleInput } from './tag-rule.contract';

/** A row of `cdm.tag_rules`. */
export type StoredRule = Omit<PastRule, 'match' | 'min_orders' | 'window_days'>;

/** The same with its newest change, and whether it is still being evaluated. */
interface RuleRow extends StoredRule, Pick<TagRuleAnswer, 'changed_by' | 'changed_at'> {
  pending: boolean;
}

/**
 * @param nowLocal the present in the time zone of the source
 * @returns the oldest first
 */
export function listRules(client: Client, nowLocal: string): Promise<TagRuleAnswer[]> {
  return readRules(client, nowLocal, null);
}

/** @returns undefined where there is no such rule */
export async function readRule(
  client: Client,
  id: string,
  nowLocal: string,
): Promise<TagRuleAnswer | undefined> {
  return (await readRules(client, nowLocal, id))[0];
}

/** @returns the id of the new rule */
export async function createRule(client: Client, rule: TagRuleInput, createdBy: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    /* sql */ `
    INSERT INTO cdm.tag_rules (tag, conditions, enabled, created_by) VALUES ($1, $2, $3, $4) RETURNING id`,
    [...valuesOf(rule), createdBy],
  );
  return rows[0]!.id;
}

/**
 * Does nothing where there is no such rule.
 * @param createdBy where that is to be another than before
 */
export async function changeRule(
  client: Client,
  id: string,
  rule: TagRuleInput,
  createdBy?: string,
): Promise<void> {
  await client.query(
    /* sql */ `
    UPDATE cdm.tag_rules SET tag = $1, conditions = $2, enabled = $3, created_by = coalesce($4, created_by)
    WHERE id = $5`,
    [...valuesOf(rule), createdBy, id],
  );
}

/** @returns whether there was such a rule */
export async function deleteRule(client: Client, id: string): Promise<boolean> {
  const { rowCount } = await client.query('DELETE FROM cdm.tag_rules WHERE id = $1', [id]);
  return rowCount === 1;
}

/** The rule in the columns of `cdm.tag_rules`. */
export function rowOf(input: TagRuleInput): TriedRule {
  return { tag: input.tag, conditions: conditionsOf(input), enabled: input.enabled ?? true };
}

function valuesOf(input: TagRuleInput): unknown[] {
  const { tag, conditions, enabled } = rowOf(input);
  return [tag, JSON.stringify(conditions), enabled];
}

/**
 * A rule is pending while its change has not been carried to all users, a pattern also while a renamed product has not,
 * and any while time has passed that may change its answer for users who were not judged again yet.
 */
async function readRules(client: Client, nowLocal: string, id: string | null): Promise<TagRuleAnswer[]> {
  const { rows } = await client.query<RuleRow>(
    /* sql */ `
    SELECT id, tag, conditions, enabled, created_by, created_at,
      coalesce(newest.changed_by, created_by) AS changed_by, coalesce(newest.changed_at, created_at) AS changed_at,
      EXISTS (SELECT 1 FROM cdm.tag_evaluations change WHERE change.rule_id = rule.id)
      OR (enabled AND ${HAS_PATTERN} AND EXISTS (SELECT 1 FROM cdm.tag_evaluations change WHERE change.product_id IS NOT NULL))
      OR id IN (SELECT rule_id FROM cdm.user_rule_states WHERE until <= $1::timestamp) AS pending
    FROM cdm.tag_rules rule LEFT JOIN LATERAL (
      SELECT changed_by, changed_at FROM cdm.tag_rule_changes WHERE rule_id = rule.id ORDER BY number DESC LIMIT 1
    ) AS newest ON true
    WHERE $2::uuid IS NULL OR id = $2
    ORDER BY created_at, id`,
    [nowLocal, id],
  );
  return rows.map(answerOf);
}

function answerOf({ changed_by, changed_at, pending, ...row }: RuleRow): TagRuleAnswer {
  return { ...pastRule(row), changed_by, changed_at, evaluation: pending ? 'pending' : 'done' };
}

/** A row in the form of the API; the old form only where it can say the rule. */
export function pastRule({ id, tag, conditions, enabled, created_by, created_at }: StoredRule): PastRule {
  return { id, tag, conditions, ...toOldForm(conditions), enabled, created_by, created_at };
}
