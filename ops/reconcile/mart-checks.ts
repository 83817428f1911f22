import { marts } from '../../apps/cdm/src/marts/marts';
import { recount, recountUsers } from '../../apps/cdm/src/marts/recount';
import { compare, type Check } from './check';
import { CATEGORIES, ledgerColumns, ledgerOfVault, namesOf, newestNames } from './expected-marts';

const LEDGER = 'cdm.order_versions';

/**
 * The ledger and the names against the vault, and all that is counted against the ledger. These change in one
 * transaction, so nothing is ever on its way between them.
 * @param graceSeconds so long a version may take from one layer to the next
 */
export function martChecks(graceSeconds: number): Check[] {
  const recent = `now() - interval '${graceSeconds} seconds'`;
  return [
    compare({
      table: LEDGER,
      against: 'the newest versions in the vault',
      key: ['order_id'],
      values: ledgerColumns.slice(1),
      expected: /* sql */ `
        SELECT newest.*, details.load_dt FROM (${ledgerOfVault()}) AS newest
        JOIN dds.s_order_details details ON h_order_pk = newest.order_id AND details.order_version = newest.order_version`,
      expectedBy: 'dds',
      found: `SELECT ${ledgerColumns.join(', ')} FROM ${LEDGER}`,
      isOnItsWay: `(e.order_version > f.order_version OR f.is_there IS NULL) AND e.load_dt > ${recent}`,
    }),
    compare({
      table: 'cdm.users',
      against: 'the users of orders in the vault',
      key: ['user_id'],
      values: ['source_user_id'],
      expected: /* sql */ `
        SELECT h_user_pk AS user_id, h_user.user_id AS source_user_id, min(l_order_user.load_dt) AS load_dt
        FROM dds.l_order_user JOIN dds.h_user USING (h_user_pk) GROUP BY h_user_pk, h_user.user_id`,
      expectedBy: 'dds',
      found: 'SELECT user_id, source_user_id FROM cdm.users',
      isOnItsWay: `f.is_there IS NULL AND e.load_dt > ${recent}`,
      // A user may be there whose only order was refused.
      isAllowed: 'e.is_there IS NULL',
    }),
    newestNamesCheck('product', recent),
    newestNamesCheck('restaurant', recent),
    compare({
      table: 'cdm.users',
      against: 'the ledger',
      key: ['user_id'],
      values: ['closed_order_cnt'],
      expected: recountUsers(),
      found: 'SELECT user_id, closed_order_cnt FROM cdm.users WHERE closed_order_cnt <> 0',
    }),
    ...marts.map(counts),
  ];
}

/** A name that is being spread stands in some rows and not yet in others: it is not compared. */
function counts(mart: (typeof marts)[number]): Check {
  const grain = mart.grain.map(({ column }) => column);
  const measures = mart.measures.map(({ column }) => column);
  const names = mart.names.map((name) => ({
    ...name,
    alias: `of_${name.column}`,
    settled: (categories: string) =>
      name.table ? `(SELECT * FROM ${name.table} WHERE NOT spreading)` : namesOf(name, categories),
  }));
  const joins = (categories: string) =>
    names
      .map(({ settled, alias, of }) => `LEFT JOIN ${settled(categories)} AS ${alias} USING (${of.column})`)
      .join(' ');
  const expected = names.map(({ alias, column }) => `${alias}.${column}`);
  const found = names.map(({ alias, column, table }) =>
    table
      ? `CASE WHEN ${alias}.${column} IS NOT NULL THEN mart.${column} END AS ${column}`
      : `mart.${column}`,
  );
  const check = (categories: string) =>
    compare({
      table: `cdm.${mart.name}`,
      against: 'the ledger',
      key: mart.columns.map(({ name }) => name).filter((column) => grain.includes(column)),
      values: [...measures, ...names.map(({ column }) => column)],
      expected: `SELECT ${['mart.*', ...expected].join(', ')} FROM (${recount(mart)}) AS mart ${joins(categories)}`,
      found: `SELECT ${[...grain, ...measures, ...found].join(', ')} FROM cdm.${mart.name} AS mart ${joins(categories)}`,
    });
  return {
    ...check(''),
    lent: { by: 'dds', query: CATEGORIES },
    query: (categories) => check(categories).query(''),
  };
}

function newestNamesCheck(thing: 'product' | 'restaurant', recent: string): Check {
  return compare({
    table: `cdm.${thing}_names`,
    against: 'the newest names in the vault',
    key: [`${thing}_id`],
    values: [`${thing}_name`, 'valid_from'],
    expected: newestNames(thing),
    expectedBy: 'dds',
    found: `SELECT * FROM cdm.${thing}_names`,
    isOnItsWay: `e.load_dt > ${recent} AND (f.is_there IS NULL OR f.valid_from <= e.valid_from)`,
  });
}
