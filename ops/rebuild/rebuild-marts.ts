import { verdictOf } from '@app/warehouse/sqlstate';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { holdUpBatches } from '../../apps/cdm/src/ledger/batches-in-hand';
import { marts } from '../../apps/cdm/src/marts/marts';
import { EVALUATION_LOCK, nextUsers } from '../../apps/cdm/src/tags/evaluations';
import { newestNames } from '../reconcile/expected-marts';
import type { Warehouses } from '../servers/with-warehouse';
import { alone } from './alone';
import { rebuildUsers } from './rebuild-users';
import { mendSharedMarts } from './shared-differences';
import { Vault } from './vault';

/** Enough for marts that are being written meanwhile; more would hide a mistake. */
const MOST_ROUNDS = 3;
const MOST_ATTEMPTS = 10;

const userMarts = marts.filter(({ slots }) => !slots).map(({ name }) => name);

/**
 * Makes ledger, counters, marts and names again from the vault, while services run. Whatever is right already stays
 * untouched.
 *
 * Interrupted anywhere it leaves marts that agree with the ledger no less than before, and the next run does the rest.
 * All rules of tags are marked for evaluation first, so that batches count for them from the ledger; the job of cdm
 * that evaluates them for all users is held up until the ledger is right.
 * @param say gets one line a part
 */
export async function rebuildMarts(
  { dds, cdm: warehouse }: Warehouses,
  say: (line: string) => void,
): Promise<void> {
  const vault = new Vault(dds === warehouse ? undefined : dds);
  await alone(warehouse, EVALUATION_LOCK, async (checkLocks) => {
    const rules = await warehouse.transaction(markRules);
    const names = await warehouse.transaction((client) => mendNames(client, vault));
    say(`names of products and restaurants: ${names} written`);
    const strangers = await repeated(() => warehouse.transaction((client) => mendUsers(client, vault)));
    say(`users, and rows of users or orders that are not theirs: ${strangers} written or removed`);
    const written = { users: 0, orders: 0, counters: 0 };
    for (let lastUser: string | null = null; ;) {
      await checkLocks();
      const step = await warehouse.read((client) => usersAfter(client, lastUser));
      if (step.length === 0) {
        break;
      }
      const { orders, counters } = await repeated(() =>
        warehouse.transaction((client) => rebuildUsers(client, vault, step)),
      );
      written.users += step.length;
      written.orders += orders;
      written.counters += counters;
      lastUser = step.at(-1)!;
    }
    say(`ledger: ${written.users} users, ${written.orders} orders written or removed`);
    say(`counters of users: ${written.counters} written or removed`);
    say(`marts that all users share: ${await mendShared(warehouse, vault)} rows corrected`);
    say(`tags: ${rules} rules are marked; cdm evaluates them as soon as it runs`);
  });
}

function usersAfter(client: Client, lastUser: string | null): Promise<string[]> {
  return nextUsers(client, { kind: 'rules', numbers: [], ids: [], lastUser });
}

/** Rules that are gone are marked too where something of them is left. */
async function markRules(client: Client): Promise<number> {
  const { rowCount } = await client.query(/* sql */ `
    INSERT INTO cdm.tag_evaluations (rule_id)
    (SELECT id FROM cdm.tag_rules UNION SELECT rule_id FROM cdm.user_rule_states UNION SELECT rule_id FROM cdm.tag_rule_products)
    EXCEPT SELECT rule_id FROM cdm.tag_evaluations WHERE last_user IS NULL AND rule_id IS NOT NULL`);
  return rowCount!;
}

/**
 * While no batch is at work every name that cdm has heard is in the vault. A name that changes is spread by the job of
 * cdm.
 */
async function mendNames(client: Client, vault: Vault): Promise<number> {
  await holdUpBatches(client);
  let changed = 0;
  for (const thing of ['product', 'restaurant'] as const) {
    const columns = `${thing}_id, ${thing}_name, valid_from`;
    const newest = await vault.lendTo(client, 'newest', newestNames(thing));
    const gone = await client.query(/* sql */ `
      DELETE FROM cdm.${thing}_names known
      WHERE NOT EXISTS (SELECT FROM ${newest} AS given WHERE given.${thing}_id = known.${thing}_id)`);
    const written = await client.query(/* sql */ `
      INSERT INTO cdm.${thing}_names AS known (${columns})
      SELECT ${columns} FROM ${newest} AS newest
      EXCEPT SELECT ${columns} FROM cdm.${thing}_names
      ON CONFLICT (${thing}_id) DO UPDATE SET
        ${thing}_name = EXCLUDED.${thing}_name, valid_from = EXCLUDED.valid_from,
        spreading = known.spreading OR known.${thing}_name <> EXCLUDED.${thing}_name`);
    changed += gone.rowCount! + written.rowCount!;
  }
  return changed;
}

/**
 * Adds users that are missing, and removes what no user's step would meet: rows of nobody, and orders that the ledger
 * has under another user or another key.
 */
async function mendUsers(client: Client, vault: Vault): Promise<number> {
  const users = await vault.lendTo(
    client,
    'users',
    /* sql */ `
    SELECT h_user_pk, user_id FROM dds.h_user WHERE h_user_pk IN (SELECT h_user_pk FROM dds.l_order_user)`,
  );
  const orders = await vault.lendTo(
    client,
    'orders',
    'SELECT h_order_pk, order_id, h_user_pk FROM dds.h_order LEFT JOIN dds.l_order_user USING (h_order_pk)',
  );
  let changed = 0;
  for (const statement of [
    /* sql */ `
    INSERT INTO cdm.users AS known (user_id, source_user_id)
    SELECT h_user_pk, user_id FROM ${users} AS users
    EXCEPT SELECT user_id, source_user_id FROM cdm.users ORDER BY 1
    ON CONFLICT (user_id) DO UPDATE SET source_user_id = EXCLUDED.source_user_id`,
    /* sql */ `
    DELETE FROM cdm.order_versions ledger USING (
      SELECT ledger.user_id, ledger.order_id
      FROM cdm.order_versions ledger LEFT JOIN cdm.users known USING (user_id)
      LEFT JOIN ${orders} AS of_key ON of_key.h_order_pk = ledger.order_id
      LEFT JOIN ${orders} AS of_id ON of_id.order_id = ledger.object_id
      WHERE known.source_user_id IS NULL OR of_key.h_user_pk <> ledger.user_id OR of_id.h_order_pk <> ledger.order_id
    ) AS wrong WHERE ledger.user_id = wrong.user_id AND ledger.order_id = wrong.order_id`,
    ...[...userMarts, 'user_rule_states'].map(
      (table) => /* sql */ `
      DELETE FROM cdm.${table} counter
      WHERE NOT EXISTS (SELECT FROM cdm.users known WHERE known.user_id = counter.user_id)`,
    ),
  ]) {
    changed += (await client.query(statement)).rowCount!;
  }
  return changed;
}

/** Until nothing is left to correct. */
async function mendShared(warehouse: Warehouse, vault: Vault): Promise<number> {
  let corrected = 0;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const rows = await repeated(() => warehouse.transaction((client) => mendSharedMarts(client, vault)));
    corrected += rows;
    if (rows === 0) {
      break;
    }
  }
  return corrected;
}

/** Again at once after a deadlock with a batch, as batches do. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (verdictOf(error) !== 'repeat' || attempt === MOST_ATTEMPTS) {
        throw error;
      }
    }
  }
}
