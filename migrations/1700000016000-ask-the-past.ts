import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The orders and names of a moment for cdm, which answers figures of the past from them. cdm may ask, and reads no table of the vault: the
 * functions run as their owner. They return the hash key of a user, and no name of one.
 */
export class AskThePast1700000016000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(orders);
    await runner.query(names);
    await runner.query(/* sql */ `
      COMMENT ON FUNCTION pipeline.orders_at IS
        'The orders that were known and true at a moment, of a range of hash keys; both ends are in it';
      COMMENT ON FUNCTION pipeline.names_at IS 'The names of products and restaurants that were known and valid at a moment';
      REVOKE EXECUTE ON FUNCTION pipeline.orders_at, pipeline.names_at FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION pipeline.orders_at, pipeline.names_at TO cdm_service, warehouse_operator`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION pipeline.orders_at, pipeline.names_at');
  }
}

const AS_OWNER = 'LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp';

/**
 * A range is read by index: without the settings, a planner that takes it for larger reads whole tables for each. `categories` are those of the
 * products of the order, by hash key of the product. Times are microseconds since 1970, as if the source showed UTC.
 */
const orders = /* sql */ `
  CREATE FUNCTION pipeline.orders_at(known_at timestamptz, true_at timestamp, first_key uuid, last_key uuid)
  RETURNS TABLE (order_id bigint, user_key uuid, restaurant_key uuid, status text, made_at bigint, cost numeric, payment numeric,
    categories json)
  ${AS_OWNER} SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off ROWS 10000 AS $$
    SELECT h_order.order_id, h_user_pk, h_restaurant_pk, final_status, (extract(epoch FROM newest.order_dt) * 1000000)::bigint,
      trim_scale(cost), trim_scale(payment), line.categories
    FROM (
      SELECT DISTINCT ON (h_order_pk) h_order_pk, order_version, final_status, order_dt
      FROM dds.s_order_details
      WHERE h_order_pk BETWEEN first_key AND last_key AND load_dt <= known_at AND valid_from <= true_at
      ORDER BY h_order_pk DESC, order_version DESC
    ) AS newest
    JOIN dds.h_order USING (h_order_pk)
    JOIN dds.s_order_cost USING (h_order_pk, order_version)
    JOIN dds.l_order_user USING (h_order_pk)
    JOIN dds.l_order_restaurant USING (h_order_pk)
    CROSS JOIN LATERAL (
      SELECT coalesce(json_object_agg(h_product_pk, category_name), '{}') AS categories
      FROM dds.l_order_product link JOIN dds.s_order_product line
        ON line.hk_order_product_pk = link.hk_order_product_pk AND line.order_version = newest.order_version
      WHERE link.h_order_pk = newest.h_order_pk
    ) AS line
  $$;
`;

const names = /* sql */ `
  CREATE FUNCTION pipeline.names_at(known_at timestamptz, true_at timestamp)
  RETURNS TABLE (kind text, key uuid, name text) ${AS_OWNER} AS $$
    SELECT 'product', h_product_pk, name FROM dds.product_names_at(known_at, true_at)
    UNION ALL
    SELECT 'restaurant', h_restaurant_pk, name FROM dds.restaurant_names_at(known_at, true_at)
  $$;
`;
