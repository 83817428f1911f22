import { ledger } from '../../apps/cdm/src/ledger/order-ledger';
import type { marts } from '../../apps/cdm/src/marts/marts';
import { recount } from '../../apps/cdm/src/marts/recount';

type MartTable = (typeof marts)[number];

/**
 * The ledger as the vault says it: of each order the newest version.
 * @param condition on the rows of `dds.order_current`
 */
export function ledgerOfVault(condition = 'true'): string {
  return /* sql */ `
    WITH newest AS (SELECT * FROM dds.order_current WHERE ${condition}), ordered AS (
      SELECT h_order_pk, array_agg(h_product_pk ORDER BY h_product_pk) AS product_ids,
        array_agg(h_category_pk ORDER BY h_product_pk) AS category_ids,
        array_agg(quantity ORDER BY h_product_pk) AS quantities, array_agg(amount ORDER BY h_product_pk) AS amounts
      FROM (
        SELECT h_order_pk, h_product_pk, (array_agg(h_category_pk ORDER BY line))[1] AS h_category_pk,
          sum(quantity) AS quantity, sum(price * quantity) AS amount
        FROM newest JOIN dds.l_order_product USING (h_order_pk)
        JOIN dds.s_order_product USING (hk_order_product_pk, order_version) JOIN dds.h_category USING (category_name)
        GROUP BY h_order_pk, h_product_pk
      ) AS lines GROUP BY h_order_pk
    )
    SELECT h_order_pk AS order_id, order_id AS object_id, order_version, h_user_pk AS user_id, h_restaurant_pk AS restaurant_id,
      final_status AS status, order_dt, cost, payment, coalesce(product_ids, '{}') AS product_ids,
      coalesce(category_ids, '{}') AS category_ids, coalesce(quantities, '{}') AS quantities, coalesce(amounts, '{}') AS amounts
    FROM newest LEFT JOIN ordered USING (h_order_pk)`;
}

/** The columns of the ledger about orders; the first identifies a row. */
export const ledgerColumns = ledger.map(({ name }) => name);

/** The newest name of each product or restaurant: by dictionary time, then the greater name. */
export function newestNames(thing: 'product' | 'restaurant'): string {
  return /* sql */ `
    SELECT DISTINCT ON (h_${thing}_pk) h_${thing}_pk AS ${thing}_id, name COLLATE "C" AS ${thing}_name, valid_from, load_dt
    FROM dds.s_${thing}_names ORDER BY h_${thing}_pk, valid_from DESC, name COLLATE "C" DESC`;
}

/** The hub of categories: their names are their business keys, so the marts keep none. */
export const CATEGORIES = 'SELECT h_category_pk, category_name FROM dds.h_category';

/**
 * Where the newest names of a dimension are kept, by its column.
 * @param categories a relation with the rows of {@link CATEGORIES}
 */
export function namesOf({ of, column, table }: MartTable['names'][number], categories: string): string {
  return (
    table ??
    `(SELECT h_category_pk AS ${of.column}, category_name AS ${column} FROM ${categories} AS category)`
  );
}

/**
 * The rows that a mart must have, with the newest names.
 * @param from the ledger, as of {@link recount}
 * @param also columns of it to count by besides
 * @param categories as of {@link namesOf}
 */
export function expectedRows(
  mart: MartTable,
  from?: string,
  also?: readonly string[],
  categories = `(${CATEGORIES})`,
): string {
  const names = mart.names.map((name) => ({ ...name, alias: `of_${name.column}` }));
  return /* sql */ `
    SELECT ${['counted.*', ...names.map(({ alias, column }) => `${alias}.${column}`)].join(', ')}
    FROM (${recount(mart, from, also)}) AS counted
    ${names.map((name) => `JOIN ${namesOf(name, categories)} AS ${name.alias} USING (${name.of.column})`).join(' ')}`;
}
