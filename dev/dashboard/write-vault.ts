/**
 * The vault of the orders that `writeOrders` put into the ledger, for an empty `dds`: each was OPEN when it was made,
 * and took its status and its last line an hour later. The vault loaded each version a minute after the source made it.
 */
export const writeVault = /* sql */ `
  -- Keys are right by the way they are made: checking them takes minutes.
  SET session_replication_role = replica;
  CREATE TEMP TABLE placed AS
    SELECT order_id, object_id, user_id, restaurant_id, status, order_dt, cost, payment, product_ids, category_ids
    FROM cdm.order_versions;
  CREATE TEMP TABLE version AS
    SELECT placed.*, is_last, to_char(valid_from, 'YYYY-MM-DD HH24:MI:SS.US') || '|' || object_id AS order_version,
      CASE WHEN is_last THEN status ELSE 'OPEN' END AS version_status,
      valid_from, (valid_from + interval '1 minute') AT TIME ZONE 'UTC' AS load_dt
    FROM placed, (VALUES (false, interval '0'), (true, interval '1 hour')) AS version (is_last, valid_after),
      LATERAL (SELECT order_dt + valid_after AS valid_from) AS made;
  CREATE TEMP TABLE line AS
    SELECT order_id, order_version, is_last, product_id, category_id, line, valid_from, load_dt,
      md5(order_id::text || product_id)::uuid AS link
    FROM version, unnest(product_ids, category_ids) WITH ORDINALITY AS line (product_id, category_id, line)
    WHERE is_last OR line = 1 OR line < cardinality(product_ids);
  INSERT INTO dds.h_user (h_user_pk, user_id, load_src) SELECT user_id, source_user_id, 'nobody' FROM cdm.users;
  INSERT INTO dds.h_product (h_product_pk, product_id, load_src)
    SELECT product_id, product_name, 'nobody' FROM cdm.product_names;
  INSERT INTO dds.h_restaurant (h_restaurant_pk, restaurant_id, load_src)
    SELECT restaurant_id, restaurant_name, 'nobody' FROM cdm.restaurant_names;
  INSERT INTO dds.s_product_names (h_product_pk, name, valid_from, hk_product_names_hashdiff, load_dt, load_src)
    SELECT product_id, product_name, valid_from, product_id, '2020-01-01', 'nobody' FROM cdm.product_names;
  INSERT INTO dds.s_restaurant_names (h_restaurant_pk, name, valid_from, hk_restaurant_names_hashdiff, load_dt, load_src)
    SELECT restaurant_id, restaurant_name, valid_from, restaurant_id, '2020-01-01', 'nobody' FROM cdm.restaurant_names;
  INSERT INTO dds.h_order (h_order_pk, order_id, order_dt, load_src) SELECT order_id, object_id, order_dt, 'nobody' FROM placed;
  INSERT INTO dds.l_order_user (hk_order_user_pk, h_order_pk, h_user_pk, load_src)
    SELECT order_id, order_id, user_id, 'nobody' FROM placed;
  INSERT INTO dds.l_order_restaurant (hk_order_restaurant_pk, h_order_pk, h_restaurant_pk, load_src)
    SELECT order_id, order_id, restaurant_id, 'nobody' FROM placed;
  INSERT INTO dds.l_order_product (hk_order_product_pk, h_order_pk, h_product_pk, load_src)
    SELECT link, order_id, product_id, 'nobody' FROM line WHERE is_last;
  INSERT INTO dds.s_order_details (h_order_pk, order_version, final_status, order_dt, sent_dttm, bonus_payment, bonus_grant,
      valid_from, hk_order_details_hashdiff, load_dt, load_src)
    SELECT order_id, order_version, version_status, order_dt, valid_from, 0, 0, valid_from, order_id, load_dt, 'nobody' FROM version;
  INSERT INTO dds.s_order_cost (h_order_pk, order_version, cost, payment, valid_from, hk_order_cost_hashdiff, load_dt, load_src)
    SELECT order_id, order_version, cost, payment, valid_from, order_id, load_dt, 'nobody' FROM version;
  INSERT INTO dds.s_order_product (hk_order_product_pk, order_version, line, name, price, quantity, category_name, valid_from,
      hk_order_product_hashdiff, load_dt, load_src)
    SELECT link, order_version, line, product_name, 100, 1, category_name, line.valid_from, link, line.load_dt, 'nobody'
    FROM line JOIN cdm.product_names USING (product_id) JOIN dds.h_category ON h_category_pk = category_id;
  DROP TABLE placed, version, line;
  RESET session_replication_role`;
