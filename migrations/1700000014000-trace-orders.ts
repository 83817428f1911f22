import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The life of one order, as staging and vault have it, for cdm, whose page shows it, and for `order-vault trace`. cdm may ask for an order,
 * and reads no table of another layer: the functions run as their owner. They return ids of a user, and no name.
 */
export class TraceOrders1700000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(staged);
    await runner.query(inVault);
    await runner.query(/* sql */ `
      COMMENT ON FUNCTION pipeline.staged_order IS 'All versions of an order in staging, the oldest first';
      COMMENT ON FUNCTION pipeline.vault_order IS 'What the vault has of an order; null where it has nothing';
      REVOKE EXECUTE ON FUNCTION pipeline.staged_order, pipeline.vault_order FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION pipeline.staged_order, pipeline.vault_order TO cdm_service, warehouse_operator`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION pipeline.staged_order, pipeline.vault_order');
  }
}

const AS_OWNER = 'LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp';

/** The payload is a text in it: a reader of JSON would change numbers. */
const staged = /* sql */ `
  CREATE FUNCTION pipeline.staged_order(order_id bigint) RETURNS json ${AS_OWNER} AS $$
    SELECT coalesce(json_agg(json_build_object(
      'version', order_version,
      'sent_at', sent_dttm::text,
      'staged_at', load_dt,
      'is_newest', is_newest,
      'payload', payload::text,
      'entries', (
        SELECT coalesce(json_agg(
          json_build_object('kind', entry_kind, 'id', entry_key, 'valid_from', valid_from::text) ORDER BY entry_kind DESC
        ), '[]')
        FROM stg.dictionary_entries WHERE entry_pk IN (user_entry_pk, restaurant_entry_pk)
      ),
      'earlier_menus', (
        SELECT coalesce(json_object_agg(product.key, valid_from::text), '{}')
        FROM jsonb_each_text(earlier_menus) product JOIN stg.dictionary_entries ON entry_pk = product.value::uuid
      ),
      'waiting', (
        SELECT json_build_object('since', waiting_since, 'attempts', attempts, 'next_attempt_at', next_attempt_at,
          'missing', missing, 'message', concat_ws(':', topic, partition, message_offset))
        FROM stg.pending_orders waiting
        WHERE waiting.object_id = staged.object_id AND waiting.order_version = staged.order_version
      )
    ) ORDER BY order_version), '[]')
    FROM (
      SELECT true AS is_newest, object_id, order_version, sent_dttm, load_dt, payload, user_entry_pk, restaurant_entry_pk, earlier_menus
      FROM stg.order_events WHERE object_id = $1
      UNION ALL
      SELECT false, object_id, order_version, sent_dttm, load_dt, payload, user_entry_pk, restaurant_entry_pk, earlier_menus
      FROM stg.superseded_order_events WHERE object_id = $1
    ) AS staged
  $$;
`;

/** Decimals are texts in it, with every digit. */
const inVault = /* sql */ `
  CREATE FUNCTION pipeline.vault_order(order_id bigint) RETURNS json ${AS_OWNER} AS $$
    SELECT json_build_object(
      'source_user_id', user_id,
      'restaurant_id', restaurant_id,
      'versions', (
        SELECT json_agg(json_build_object(
          'version', order_version,
          'in_vault_at', details.load_dt,
          'status', final_status,
          'made_at', details.order_dt::text,
          'cost', trim_scale(cost)::text,
          'payment', trim_scale(payment)::text,
          'bonus_payment', trim_scale(bonus_payment)::text,
          'bonus_grant', trim_scale(bonus_grant)::text,
          'lines', (
            SELECT coalesce(json_agg(json_build_object('product_id', product_id, 'name', name, 'price', trim_scale(price)::text,
              'quantity', quantity::text, 'category', category_name) ORDER BY line), '[]')
            FROM dds.l_order_product link
            JOIN dds.s_order_product line USING (hk_order_product_pk) JOIN dds.h_product USING (h_product_pk)
            WHERE link.h_order_pk = h_order.h_order_pk AND line.order_version = details.order_version
          )
        ) ORDER BY order_version)
        FROM dds.s_order_details details JOIN dds.s_order_cost USING (h_order_pk, order_version)
        WHERE details.h_order_pk = h_order.h_order_pk
      ),
      'statuses', (
        SELECT json_agg(json_build_object('status', status, 'since', valid_from::text, 'in_vault_at', status.load_dt)
          ORDER BY valid_from, hk_order_status_hashdiff)
        FROM dds.s_order_status status WHERE status.h_order_pk = h_order.h_order_pk
      ),
      'menu_names', (
        SELECT coalesce(json_agg(json_build_object('product_id', product_id, 'valid_from', valid_from::text, 'name', name)
          ORDER BY product_id, valid_from, hk_product_names_hashdiff), '[]')
        FROM dds.l_order_product link JOIN dds.h_product USING (h_product_pk) JOIN dds.s_product_names USING (h_product_pk)
        WHERE link.h_order_pk = h_order.h_order_pk
      )
    )
    FROM dds.h_order
    JOIN dds.l_order_user USING (h_order_pk) JOIN dds.h_user USING (h_user_pk)
    JOIN dds.l_order_restaurant USING (h_order_pk) JOIN dds.h_restaurant USING (h_restaurant_pk)
    WHERE h_order.order_id = $1
  $$;
`;
