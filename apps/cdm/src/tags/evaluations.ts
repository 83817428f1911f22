import type { Client } from '@app/warehouse/warehouse';

/** The replica that holds this advisory lock evaluates; the others leave it alone. */
export const EVALUATION_LOCK = 'cdm.evaluate_tag_rules';

/** So many users at a time, for the patience of those who wait for them. */
export const STEP_USERS = 500;

/** Changes that are at the same place among the users, and go on from there together. */
export interface Evaluation {
  kind: 'rules' | 'products';
  /** Numbers of the rows in `cdm.tag_evaluations`. */
  numbers: string[];
  /** Of rules, or of products. */
  ids: string[];
  /** The last user that is done; null before the first. */
  lastUser: string | null;
}

/** The oldest change, and those like it that are as far. */
export async function outstandingEvaluation(client: Client): Promise<Evaluation | undefined> {
  const { rows } = await client.query<Evaluation>({
    name: 'outstanding_evaluation',
    text: /* sql */ `
    SELECT CASE WHEN oldest.product_id IS NULL THEN 'rules' ELSE 'products' END AS kind, oldest.last_user AS "lastUser",
      array_agg(evaluation.id::text) AS numbers,
      array_agg(DISTINCT coalesce(evaluation.rule_id, evaluation.product_id)) AS ids
    FROM (SELECT * FROM cdm.tag_evaluations ORDER BY id LIMIT 1) AS oldest
    JOIN cdm.tag_evaluations evaluation ON evaluation.last_user IS NOT DISTINCT FROM oldest.last_user
      AND (evaluation.product_id IS NULL) = (oldest.product_id IS NULL)
    GROUP BY oldest.product_id, oldest.last_user`,
  });
  return rows[0];
}

/** Whether no other replica has taken it further. */
export async function isAtItsPlace(client: Client, { numbers, lastUser }: Evaluation): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT FROM cdm.tag_evaluations WHERE id = ANY ($1::bigint[]) AND last_user IS NOT DISTINCT FROM $2::uuid',
    [numbers, lastUser],
  );
  return rows.length === numbers.length;
}

/** The users of the next step, in the order of their keys: for products those who have ordered one, else all. */
export async function nextUsers(client: Client, { kind, ids, lastUser }: Evaluation): Promise<string[]> {
  const { rows } = await client.query<{ user_id: string }>(
    kind === 'rules'
      ? /* sql */ `
        SELECT user_id FROM cdm.users WHERE $1::uuid IS NULL OR user_id > $1 ORDER BY user_id LIMIT ${STEP_USERS}`
      : /* sql */ `
        SELECT DISTINCT user_id FROM cdm.user_product_counters
        WHERE product_id = ANY ($2::uuid[]) AND ($1::uuid IS NULL OR user_id > $1) ORDER BY user_id LIMIT ${STEP_USERS}`,
    kind === 'rules' ? [lastUser] : [lastUser, ids],
  );
  return rows.map(({ user_id }) => user_id);
}

/** Marks users as done; after the last of them the evaluation is over. */
export async function endStep(client: Client, { numbers }: Evaluation, users: string[]): Promise<void> {
  if (users.length < STEP_USERS) {
    await client.query('DELETE FROM cdm.tag_evaluations WHERE id = ANY ($1::bigint[])', [numbers]);
  } else {
    await client.query('UPDATE cdm.tag_evaluations SET last_user = $2 WHERE id = ANY ($1::bigint[])', [
      numbers,
      users.at(-1),
    ]);
  }
}
