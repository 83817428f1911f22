import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The figures of `report` as they were at a moment, from the vault, which forgets nothing: what was known then, by the time at which the
 * vault loaded it, and what was true then, by the times of the source. Both are inclusive.
 */
export class ReportThePast1700000013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(versions);
    await runner.query(names);
    await runner.query(popularity);
    await runner.query(sales);
    await runner.query(histories);
    await runner.query(comments);
    await runner.query(rights);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      DROP VIEW report.order_history, report.dish_name_history, report.restaurant_name_history;
      DROP FUNCTION report.category_popularity_at, report.dish_popularity_at, report.restaurant_popularity_at,
        report.daily_sales_at;
      DROP FUNCTION dds.closed_products_at;
      DROP FUNCTION dds.orders_at, dds.product_names_at, dds.restaurant_names_at`);
  }
}

/** Of each order the newest version that had been loaded, and that the source had made, by then. */
const versions = /* sql */ `
  CREATE FUNCTION dds.orders_at(known_at timestamptz, true_at timestamp)
  RETURNS TABLE (h_order_pk uuid, order_version text, final_status text, order_dt timestamp, cost numeric, payment numeric,
    h_user_pk uuid, h_restaurant_pk uuid)
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000 AS $$
    SELECT newest.h_order_pk, newest.order_version, final_status, newest.order_dt, cost, payment, h_user_pk, h_restaurant_pk
    FROM (
      SELECT DISTINCT ON (h_order_pk) h_order_pk, order_version, final_status, order_dt
      FROM dds.s_order_details WHERE load_dt <= known_at AND valid_from <= true_at
      ORDER BY h_order_pk DESC, order_version DESC
    ) AS newest
    JOIN dds.s_order_cost USING (h_order_pk, order_version)
    JOIN dds.l_order_user USING (h_order_pk)
    JOIN dds.l_order_restaurant USING (h_order_pk)
  $$;

  CREATE FUNCTION dds.closed_products_at(known_at timestamptz, true_at timestamp)
  RETURNS TABLE (h_order_pk uuid, h_user_pk uuid, h_product_pk uuid, category_name text)
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000 AS $$
    SELECT placed.h_order_pk, placed.h_user_pk, link.h_product_pk, line.category_name
    FROM dds.orders_at(known_at, true_at) placed
    JOIN dds.l_order_product link ON link.h_order_pk = placed.h_order_pk
    JOIN dds.s_order_product line
      ON line.hk_order_product_pk = link.hk_order_product_pk AND line.order_version = placed.order_version
    WHERE final_status = 'CLOSED'
  $$;
`;

/** A name that was valid then; where each is of later, the first one. Of several of one time the greater, as in the marts. */
const namesAt = (thing: string) => /* sql */ `
  CREATE FUNCTION dds.${thing}_names_at(known_at timestamptz, true_at timestamp)
  RETURNS TABLE (h_${thing}_pk uuid, name text)
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000 AS $$
    SELECT DISTINCT ON (h_${thing}_pk) h_${thing}_pk, name
    FROM dds.s_${thing}_names WHERE load_dt <= known_at
    ORDER BY h_${thing}_pk, CASE WHEN valid_from <= true_at THEN valid_from END DESC NULLS LAST, valid_from, name COLLATE "C" DESC
  $$;
`;

const names = namesAt('product') + namesAt('restaurant');

const MOMENT = `known_at timestamptz DEFAULT 'infinity', true_at timestamp DEFAULT 'infinity'`;
/** The vault is for its owner to read: a report shows no person. */
const AS_OWNER = `LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;

/** All that shares are of: orders without a line, too. */
const closed = /* sql */ `
      SELECT count(*)::numeric AS orders, count(DISTINCT h_user_pk)::numeric AS users
      FROM dds.orders_at(known_at, true_at) WHERE final_status = 'CLOSED'`;

const popularity = /* sql */ `
  CREATE FUNCTION report.category_popularity_at(${MOMENT})
  RETURNS TABLE (category_id uuid, category text, orders integer, users integer, share_of_orders numeric, share_of_users numeric)
  ${AS_OWNER} AS $$
    WITH line AS MATERIALIZED (
      SELECT DISTINCT h_order_pk, h_user_pk, category_name FROM dds.closed_products_at(known_at, true_at)
    )
    SELECT dds.hash_key('h_category', category_name), category_name, count(*)::integer, count(DISTINCT h_user_pk)::integer,
      round(count(*) / total.orders, 6), round(count(DISTINCT h_user_pk) / total.users, 6)
    FROM line, (${closed}) AS total
    GROUP BY category_name, total.orders, total.users
  $$;

  CREATE FUNCTION report.dish_popularity_at(${MOMENT})
  RETURNS TABLE (dish_id uuid, dish text, orders integer, users integer, share_of_orders numeric, share_of_users numeric)
  ${AS_OWNER} AS $$
    WITH line AS MATERIALIZED (
      SELECT DISTINCT h_order_pk, h_user_pk, h_product_pk FROM dds.closed_products_at(known_at, true_at)
    )
    SELECT h_product_pk, name, count(*)::integer, count(DISTINCT h_user_pk)::integer,
      round(count(*) / total.orders, 6), round(count(DISTINCT h_user_pk) / total.users, 6)
    FROM line JOIN dds.product_names_at(known_at, true_at) USING (h_product_pk), (${closed}) AS total
    GROUP BY h_product_pk, name, total.orders, total.users
  $$;
`;

const sales = /* sql */ `
  CREATE FUNCTION report.restaurant_popularity_at(${MOMENT})
  RETURNS TABLE (restaurant_id uuid, restaurant text, orders integer, closed_orders integer, revenue numeric, average_bill numeric)
  ${AS_OWNER} AS $$
    SELECT h_restaurant_pk, name, count(*)::integer, count(*) FILTER (WHERE final_status = 'CLOSED')::integer,
      coalesce(sum(payment) FILTER (WHERE final_status = 'CLOSED'), 0), round(avg(cost) FILTER (WHERE final_status = 'CLOSED'), 2)
    FROM dds.orders_at(known_at, true_at) JOIN dds.restaurant_names_at(known_at, true_at) USING (h_restaurant_pk)
    GROUP BY h_restaurant_pk, name
  $$;

  CREATE FUNCTION report.daily_sales_at(${MOMENT})
  RETURNS TABLE (day date, restaurant_id uuid, restaurant text, orders integer, closed_orders integer, cost numeric, revenue numeric)
  ${AS_OWNER} AS $$
    SELECT order_dt::date, h_restaurant_pk, name, count(*)::integer, count(*) FILTER (WHERE final_status = 'CLOSED')::integer,
      coalesce(sum(placed.cost) FILTER (WHERE final_status = 'CLOSED'), 0),
      coalesce(sum(payment) FILTER (WHERE final_status = 'CLOSED'), 0)
    FROM dds.orders_at(known_at, true_at) placed JOIN dds.restaurant_names_at(known_at, true_at) USING (h_restaurant_pk)
    GROUP BY order_dt::date, h_restaurant_pk, name
  $$;
`;

const nameHistory = (view: string, thing: string, named: string) => /* sql */ `
  CREATE VIEW report.${view} AS
    SELECT h_${thing}_pk AS ${named}_id, name AS ${named}, valid_from,
      lead(valid_from) OVER (PARTITION BY h_${thing}_pk ORDER BY valid_from, name COLLATE "C") AS valid_to, load_dt AS known_from
    FROM dds.s_${thing}_names;
`;

const histories = /* sql */ `
  CREATE VIEW report.order_history AS
    SELECT order_id, order_version, final_status AS status, details.order_dt AS ordered_at, h_user_pk AS user_key,
      h_restaurant_pk AS restaurant_id, cost, payment AS revenue, details.valid_from,
      lead(details.valid_from) OVER (PARTITION BY h_order_pk ORDER BY order_version) AS valid_to, details.load_dt AS known_from
    FROM dds.s_order_details details
    JOIN dds.s_order_cost USING (h_order_pk, order_version)
    JOIN dds.h_order USING (h_order_pk)
    JOIN dds.l_order_user USING (h_order_pk)
    JOIN dds.l_order_restaurant USING (h_order_pk);
  ${nameHistory('dish_name_history', 'product', 'dish')}
  ${nameHistory('restaurant_name_history', 'restaurant', 'restaurant')}
`;

const atMoment =
  'на момент: known_at, когда загружено; true_at, по времени источника / at a moment: known_at, when it was loaded; true_at, by the times of the source';
const validFrom =
  'С какого времени верно, по времени источника / Since when it was true, by the times of the source';
const validTo = 'До какого времени; пусто: верно и сейчас / Until when; empty: it still is';
const knownFrom = 'Когда загружено в хранилище / When the vault loaded it';

const comments = /* sql */ `
  COMMENT ON FUNCTION dds.orders_at IS 'The version of every order that was known and true at a moment';
  COMMENT ON FUNCTION dds.closed_products_at IS 'The products of CLOSED orders that were known and true at a moment';
  COMMENT ON FUNCTION dds.product_names_at IS 'The name of every product that was known and valid at a moment';
  COMMENT ON FUNCTION dds.restaurant_names_at IS 'The name of every restaurant that was known and valid at a moment';
  COMMENT ON FUNCTION report.category_popularity_at IS 'Популярность категорий ${atMoment.replace(' / ', ' / Popularity of categories ')}';
  COMMENT ON FUNCTION report.dish_popularity_at IS 'Популярность блюд ${atMoment.replace(' / ', ' / Popularity of dishes ')}';
  COMMENT ON FUNCTION report.restaurant_popularity_at IS 'Рестораны ${atMoment.replace(' / ', ' / Restaurants ')}';
  COMMENT ON FUNCTION report.daily_sales_at IS 'Заказы и деньги по дням и ресторанам ${atMoment.replace(' / ', ' / Orders and money by day and restaurant ')}';

  COMMENT ON VIEW report.order_history IS 'Все версии заказов / All versions of orders';
  COMMENT ON COLUMN report.order_history.order_id IS 'Номер заказа в источнике / Id of the order at the source';
  COMMENT ON COLUMN report.order_history.order_version IS 'Версия заказа: больше значит новее / The order version: greater is newer';
  COMMENT ON COLUMN report.order_history.status IS 'Статус заказа в этой версии / Status of the order in this version';
  COMMENT ON COLUMN report.order_history.ordered_at IS 'Время заказа / When the order was made';
  COMMENT ON COLUMN report.order_history.user_key IS 'Ключ гостя, без персональных данных / Key of the guest, no personal data';
  COMMENT ON COLUMN report.order_history.restaurant_id IS 'Ключ ресторана / Key of the restaurant';
  COMMENT ON COLUMN report.order_history.cost IS 'Стоимость заказа / Cost of the order';
  COMMENT ON COLUMN report.order_history.revenue IS 'Оплачено / What was paid';
  COMMENT ON COLUMN report.order_history.valid_from IS '${validFrom}';
  COMMENT ON COLUMN report.order_history.valid_to IS '${validTo}';
  COMMENT ON COLUMN report.order_history.known_from IS '${knownFrom}';

  COMMENT ON VIEW report.dish_name_history IS 'Все названия блюд / All names of dishes';
  COMMENT ON COLUMN report.dish_name_history.dish_id IS 'Ключ блюда / Key of the dish';
  COMMENT ON COLUMN report.dish_name_history.dish IS 'Название / Name';
  COMMENT ON COLUMN report.dish_name_history.valid_from IS '${validFrom}';
  COMMENT ON COLUMN report.dish_name_history.valid_to IS '${validTo}';
  COMMENT ON COLUMN report.dish_name_history.known_from IS '${knownFrom}';

  COMMENT ON VIEW report.restaurant_name_history IS 'Все названия ресторанов / All names of restaurants';
  COMMENT ON COLUMN report.restaurant_name_history.restaurant_id IS 'Ключ ресторана / Key of the restaurant';
  COMMENT ON COLUMN report.restaurant_name_history.restaurant IS 'Название / Name';
  COMMENT ON COLUMN report.restaurant_name_history.valid_from IS '${validFrom}';
  COMMENT ON COLUMN report.restaurant_name_history.valid_to IS '${validTo}';
  COMMENT ON COLUMN report.restaurant_name_history.known_from IS '${knownFrom}';
`;

/** As the owner they read the vault, so they are for those alone who may read reports. */
const rights = /* sql */ `
  REVOKE EXECUTE ON FUNCTION report.category_popularity_at, report.dish_popularity_at, report.restaurant_popularity_at,
    report.daily_sales_at FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION report.category_popularity_at, report.dish_popularity_at, report.restaurant_popularity_at,
    report.daily_sales_at TO warehouse_operator;
  DO $$
  BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'report_reader') THEN
      GRANT SELECT ON report.order_history, report.dish_name_history, report.restaurant_name_history TO report_reader;
      GRANT EXECUTE ON FUNCTION report.category_popularity_at, report.dish_popularity_at, report.restaurant_popularity_at,
        report.daily_sales_at TO report_reader;
    END IF;
  END
  $$;
`;
