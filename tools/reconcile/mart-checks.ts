import { compare, type Check } from './check';
import {
  closedOrders,
  dailySales,
  ledgerColumns,
  ledgerOfVault,
  newestNames,
  popularity,
  restaurantCategories,
  userCategories,
  userProducts,
} from './expected-marts';

const LEDGER = 'cdm.order_versions';

/**
 * The ledger and the names against the vault, and all that is counted against the ledger. These change in one transaction, so nothing
 * is ever on its way between them.
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
      expected: ledgerOfVault(),
      found: `SELECT ${ledgerColumns.join(', ')} FROM ${LEDGER}`,
      isOnItsWay: /* sql */ `e.is_there AND (e.order_version > f.order_version OR f.is_there IS NULL) AND EXISTS (
        SELECT FROM dds.s_order_details WHERE h_order_pk = order_id AND order_version = e.order_version AND load_dt > ${recent})`,
    }),
    compare({
      table: 'cdm.users',
      against: 'the users of orders in the vault',
      key: ['user_id'],
      values: ['source_user_id'],
      expected: /* sql */ `
        SELECT h_user_pk AS user_id, h_user.user_id AS source_user_id, min(l_order_user.load_dt) AS load_dt
        FROM dds.l_order_user JOIN dds.h_user USING (h_user_pk) GROUP BY h_user_pk, h_user.user_id`,
      // A user may be there whose only order was refused.
      found:
        'SELECT user_id, source_user_id FROM cdm.users WHERE user_id IN (SELECT h_user_pk FROM dds.l_order_user)',
      isOnItsWay: `f.is_there IS NULL AND e.load_dt > ${recent}`,
    }),
    names('product', recent),
    names('restaurant', recent),
    compare({
      table: 'cdm.users',
      against: 'the ledger',
      key: ['user_id'],
      values: ['closed_order_cnt'],
      expected: closedOrders(LEDGER),
      found: 'SELECT user_id, closed_order_cnt FROM cdm.users WHERE closed_order_cnt <> 0',
    }),
    compare({
      table: 'cdm.user_product_counters',
      against: 'the ledger',
      key: ['user_id', 'product_id'],
      values: ['order_cnt', 'product_name'],
      expected: `SELECT counted.*, product_name FROM (${userProducts(LEDGER)}) AS counted ${settledNames('product')}`,
      found: `SELECT user_id, product_id, order_cnt, ${nameIfSettled('product')} FROM cdm.user_product_counters counted
        ${settledNames('product')}`,
    }),
    compare({
      table: 'cdm.user_category_counters',
      against: 'the ledger',
      key: ['user_id', 'category_id'],
      values: ['order_cnt', 'category_name'],
      expected: `SELECT counted.*, category_name FROM (${userCategories(LEDGER)}) AS counted ${categoryNames}`,
      found: 'SELECT user_id, category_id, order_cnt, category_name FROM cdm.user_category_counters',
    }),
    compare({
      table: 'cdm.restaurant_category_counters',
      against: 'the ledger',
      key: ['restaurant_id', 'category_id'],
      values: ['order_cnt', 'category_name', 'restaurant_name'],
      expected: `SELECT counted.*, category_name, restaurant_name FROM (${restaurantCategories(LEDGER)}) AS counted
        ${categoryNames} ${settledNames('restaurant')}`,
      found: `SELECT restaurant_id, category_id, order_cnt, category_name, ${nameIfSettled('restaurant')}
        FROM cdm.restaurant_category_counters counted ${settledNames('restaurant')}`,
    }),
    compare({
      table: 'cdm.daily_sales',
      against: 'the ledger',
      key: ['day', 'restaurant_id'],
      values: ['order_cnt', 'closed_order_cnt', 'cost', 'payment'],
      expected: dailySales(LEDGER),
      found: 'SELECT * FROM cdm.daily_sales',
    }),
    compare({
      table: 'cdm.product_popularity',
      against: 'the ledger',
      key: ['product_id'],
      values: ['order_cnt', 'user_cnt'],
      expected: popularity('product', LEDGER),
      found: 'SELECT * FROM cdm.product_popularity',
    }),
    compare({
      table: 'cdm.category_popularity',
      against: 'the ledger',
      key: ['category_id'],
      values: ['order_cnt', 'user_cnt', 'category_name'],
      expected: `SELECT counted.*, category_name FROM (${popularity('category', LEDGER)}) AS counted ${categoryNames}`,
      found: 'SELECT * FROM cdm.category_popularity',
    }),
  ];
}

function names(thing: 'product' | 'restaurant', recent: string): Check {
  return compare({
    table: `cdm.${thing}_names`,
    against: 'the newest names in the vault',
    key: [`${thing}_id`],
    values: [`${thing}_name`, 'valid_from'],
    expected: newestNames(thing),
    found: `SELECT * FROM cdm.${thing}_names`,
    isOnItsWay: `e.load_dt > ${recent} AND (f.is_there IS NULL OR f.valid_from <= e.valid_from)`,
  });
}

const categoryNames =
  'LEFT JOIN (SELECT h_category_pk AS category_id, category_name FROM dds.h_category) AS named USING (category_id)';

/** A name that is being spread stands in some counters and not yet in others: it is not compared. */
function settledNames(thing: 'product' | 'restaurant'): string {
  return /* sql */ `
    LEFT JOIN (SELECT ${thing}_id, ${thing}_name FROM cdm.${thing}_names WHERE NOT spreading) AS settled USING (${thing}_id)`;
}

function nameIfSettled(thing: 'product' | 'restaurant'): string {
  return `CASE WHEN settled.${thing}_name IS NOT NULL THEN counted.${thing}_name END AS ${thing}_name`;
}
