import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A rule becomes a tree of conditions, and the ledger keeps items and money of each product, which conditions count.
 * Rules that are there keep their ids, tags and states: nothing is evaluated again. cdm of the release before cannot
 * read the tables: its batches wait, with nothing lost, until the new cdm takes over.
 */
export class RulesWithConditions1700000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ledger);
    if (!(await isDistributed(runner))) {
      await runner.query(fillLedger);
    }
    await runner.query(conditions);
    await runner.query(states);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(oldRules);
    await runner.query(oldStates);
    await runner.query(/* sql */ `
      ALTER TABLE cdm.order_versions DROP CONSTRAINT order_versions_lines_check, DROP quantities, DROP amounts`);
  }
}

/** There the vault is spread by another column than the orders of its lines: `rebuild -- cdm` fills the ledger. */
async function isDistributed(runner: QueryRunner): Promise<boolean> {
  const found = (await runner.query(`SELECT FROM pg_extension WHERE extname = 'citus'`)) as unknown[];
  return found.length > 0;
}

const ledger = /* sql */ `
  ALTER TABLE cdm.order_versions
    ADD quantities numeric[] NOT NULL DEFAULT '{}',
    ADD amounts numeric[] NOT NULL DEFAULT '{}';
  ALTER TABLE cdm.order_versions ALTER quantities DROP DEFAULT, ALTER amounts DROP DEFAULT,
    ADD CONSTRAINT order_versions_lines_check CHECK (
      cardinality(amounts) = cardinality(quantities) AND cardinality(quantities) IN (0, cardinality(product_ids)));
`;

/** Where the vault is on another server there is nothing to find; `rebuild -- cdm` does it. */
const fillLedger = /* sql */ `
  UPDATE cdm.order_versions ledger SET quantities = told.quantities, amounts = told.amounts
  FROM (
    SELECT h_order_pk, order_version, array_agg(h_product_pk ORDER BY h_product_pk) AS product_ids,
      array_agg(quantity ORDER BY h_product_pk) AS quantities, array_agg(amount ORDER BY h_product_pk) AS amounts
    FROM (
      SELECT h_order_pk, order_version, h_product_pk, sum(quantity) AS quantity, trim_scale(sum(price * quantity)) AS amount
      FROM dds.l_order_product JOIN dds.s_order_product USING (hk_order_product_pk)
      GROUP BY h_order_pk, order_version, h_product_pk
    ) AS products GROUP BY h_order_pk, order_version
  ) AS told
  WHERE told.h_order_pk = ledger.order_id AND told.order_version = ledger.order_version AND told.product_ids = ledger.product_ids;
`;

/** What the API refuses, with a reason at each field, is refused here too: a rule may come by SQL. */
const conditions = /* sql */ `
  CREATE FUNCTION cdm.is_match(match jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(match) = 'object' AND (SELECT count(*) FROM jsonb_object_keys(match)) = 1
      AND match ?| '{category,product_id,product_pattern,restaurant_id}'
      AND jsonb_array_length(jsonb_path_query_array(match, '$.*[*]')) BETWEEN 1 AND 50
      AND NOT EXISTS (
        SELECT FROM jsonb_path_query(match, '$.*[*]') AS value
        WHERE jsonb_typeof(value) <> 'string' OR (match ? 'product_pattern' AND value #>> '{}' = ''))
  $$;
  CREATE FUNCTION cdm.is_condition(condition jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(condition) <> 'object' THEN false ELSE
      condition - '{not,count,match,at_least,at_most,last_days,from,to}'::text[] = '{}'
      AND condition -> 'not' IS NOT DISTINCT FROM CASE WHEN condition ? 'not' THEN 'true'::jsonb END
      AND CASE condition ->> 'count'
        WHEN 'first_order' THEN condition ?| '{last_days,from,to}' AND NOT condition ?| '{match,at_least,at_most}'
        WHEN 'days_since_last_order' THEN condition ?| '{at_least,at_most}' AND NOT condition ?| '{last_days,from,to}'
        ELSE condition ->> 'count' IN ('orders', 'items', 'money') AND condition ?| '{at_least,at_most}'
      END
      AND (NOT condition ? 'match' OR cdm.is_match(condition -> 'match'))
      AND NOT (condition ? 'last_days' AND condition ?| '{from,to}')
      AND NOT EXISTS (
        SELECT FROM jsonb_each(condition) WHERE key IN ('at_least', 'at_most', 'last_days') AND (
          jsonb_typeof(value) <> 'number' OR value::numeric NOT BETWEEN CASE key WHEN 'at_most' THEN 0 ELSE 0.00001 END
            AND CASE WHEN key = 'last_days' OR condition ->> 'count' = 'days_since_last_order' THEN 36500
              WHEN condition ->> 'count' = 'money' THEN 1000000000 ELSE 1000000 END
          OR scale(trim_scale(value::numeric)) > CASE WHEN key <> 'last_days' AND condition ->> 'count' = 'money' THEN 5 ELSE 0 END))
      AND coalesce((condition ->> 'at_least')::numeric <= (condition ->> 'at_most')::numeric, true)
      AND NOT EXISTS (
        SELECT FROM jsonb_each_text(condition)
        WHERE key IN ('from', 'to') AND (value !~ '^\\d{4}-\\d\\d-\\d\\d$' OR to_char(value::date, 'YYYY-MM-DD') <> value))
      AND coalesce(condition ->> 'from' < condition ->> 'to', true)
    END
  $$;
  CREATE FUNCTION cdm.are_conditions(conditions jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(
      jsonb_typeof(conditions) = 'object' AND (SELECT count(*) FROM jsonb_object_keys(conditions)) = 1
      AND jsonb_typeof(coalesce(conditions -> 'all_of', conditions -> 'any_of')) = 'array'
      AND jsonb_array_length(coalesce(conditions -> 'all_of', conditions -> 'any_of')) > 0
      AND (SELECT count(*) FROM jsonb_path_query(conditions, 'strict $.** ? (exists (@.count))')) <= 20
      AND (
        SELECT bool_and(CASE
          WHEN jsonb_typeof(member) = 'object' AND member ?| '{all_of,any_of}' THEN
            (SELECT count(*) FROM jsonb_object_keys(member)) = 1
            AND jsonb_typeof(coalesce(member -> 'all_of', member -> 'any_of')) = 'array'
            AND (SELECT coalesce(bool_and(cdm.is_condition(one)), false)
              FROM jsonb_path_query(coalesce(member -> 'all_of', member -> 'any_of'), 'strict $[*]') AS one)
          ELSE cdm.is_condition(member)
        END)
        FROM jsonb_path_query(coalesce(conditions -> 'all_of', conditions -> 'any_of'), 'strict $[*]') AS member
      ), false)
  $$;
  COMMENT ON FUNCTION cdm.is_match IS 'Whether a condition may have such a match';
  COMMENT ON FUNCTION cdm.is_condition IS 'Whether a rule of tags may have such a condition';
  COMMENT ON FUNCTION cdm.are_conditions IS 'Whether they are the conditions of a rule of tags';

  ALTER TABLE cdm.tag_rules DISABLE TRIGGER USER, ADD conditions jsonb;
  UPDATE cdm.tag_rules SET conditions = jsonb_build_object('all_of', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'count', 'orders',
    'match', jsonb_build_object(
      'category', category, 'product_id', product_id, 'product_pattern', product_pattern, 'restaurant_id', restaurant_id),
    'at_least', least(min_orders, 1000000), 'last_days', window_days))));
  ALTER TABLE cdm.tag_rules ENABLE TRIGGER USER, ALTER conditions SET NOT NULL,
    ADD CONSTRAINT tag_rules_conditions_check CHECK (cdm.are_conditions(conditions));
`;

/**
 * A guest who has too few orders is judged when they could be enough; of a rule with a window only what holds was kept,
 * and a state that is missing says that all orders may count.
 */
const states = /* sql */ `
  CREATE TABLE cdm.user_rule_states (
    user_id      uuid NOT NULL,
    rule_id      uuid NOT NULL,
    holds        boolean NOT NULL,
    order_cnt    integer NOT NULL CONSTRAINT user_rule_states_order_cnt_check CHECK (order_cnt >= 0),
    until        timestamp,
    recheck_cnt  integer,
    watched      integer NOT NULL,
    PRIMARY KEY (user_id, rule_id)
  ) WITH (fillfactor = 50);
  GRANT SELECT, INSERT, UPDATE, DELETE ON cdm.user_rule_states TO cdm_service;
  GRANT INSERT, UPDATE, DELETE, TRUNCATE ON cdm.user_rule_states TO warehouse_operator;
  INSERT INTO cdm.user_rule_states (user_id, rule_id, holds, order_cnt, until, recheck_cnt, watched)
  SELECT user_id, rule_id, order_cnt >= min_orders, order_cnt, until,
    CASE WHEN order_cnt < min_orders THEN closed_order_cnt + min_orders - order_cnt END, (order_cnt < min_orders)::integer
  FROM cdm.tag_rule_counts JOIN cdm.tag_rules rule ON rule.id = rule_id JOIN cdm.users USING (user_id);
  CREATE INDEX user_rule_states_until ON cdm.user_rule_states (until) WHERE until IS NOT NULL;
  DROP TABLE cdm.tag_rule_counts;

  ALTER TABLE cdm.tag_rules DROP category, DROP product_id, DROP product_pattern, DROP restaurant_id, DROP min_orders, DROP window_days;

  ALTER TABLE cdm.tag_rule_products ADD condition smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT tag_rule_products_pkey, ADD PRIMARY KEY (rule_id, condition, product_id);
  ALTER TABLE cdm.tag_rule_products ALTER condition DROP DEFAULT;

  ALTER TABLE cdm.user_tags DROP CONSTRAINT user_tags_order_cnt_check,
    ADD CONSTRAINT user_tags_order_cnt_check CHECK (order_cnt >= 0);
`;

/** Rules that could not be said before are lost. */
const oldRules = /* sql */ `
  DELETE FROM cdm.tag_rules
  WHERE NOT conditions @? '$ ? (@.all_of.size() == 1).all_of[0] ? (@.count == "orders" && exists(@.match) && exists(@.at_least))'
    OR conditions @? '$.all_of[0] ? (exists(@.not) || exists(@.at_most) || exists(@.from) || exists(@.to) || @.match.*.type() == "array")';
  ALTER TABLE cdm.tag_rules DISABLE TRIGGER USER,
    ADD category text, ADD product_id text,
    ADD product_pattern text CONSTRAINT tag_rules_product_pattern_check CHECK (product_pattern <> ''),
    ADD restaurant_id text,
    ADD min_orders integer CONSTRAINT tag_rules_min_orders_check CHECK (min_orders > 0),
    ADD window_days integer CONSTRAINT tag_rules_window_days_check CHECK (window_days BETWEEN 1 AND 36500);
  UPDATE cdm.tag_rules SET
    category = conditions #>> '{all_of,0,match,category}', product_id = conditions #>> '{all_of,0,match,product_id}',
    product_pattern = conditions #>> '{all_of,0,match,product_pattern}', restaurant_id = conditions #>> '{all_of,0,match,restaurant_id}',
    min_orders = (conditions #>> '{all_of,0,at_least}')::integer, window_days = (conditions #>> '{all_of,0,last_days}')::integer;
  ALTER TABLE cdm.tag_rules ENABLE TRIGGER USER, DROP conditions, ALTER min_orders SET NOT NULL,
    ADD CONSTRAINT tag_rules_match_check CHECK (num_nonnulls(category, product_id, product_pattern, restaurant_id) = 1);
  DROP FUNCTION cdm.are_conditions, cdm.is_condition, cdm.is_match;
`;

const oldStates = /* sql */ `
  CREATE TABLE cdm.tag_rule_counts (
    user_id    uuid NOT NULL,
    rule_id    uuid NOT NULL,
    order_cnt  integer NOT NULL CONSTRAINT tag_rule_counts_order_cnt_check CHECK (order_cnt > 0),
    until      timestamp,
    PRIMARY KEY (user_id, rule_id)
  ) WITH (fillfactor = 50);
  CREATE INDEX tag_rule_counts_until ON cdm.tag_rule_counts (until) WHERE until IS NOT NULL;
  GRANT SELECT, INSERT, UPDATE, DELETE ON cdm.tag_rule_counts TO cdm_service;
  GRANT INSERT, UPDATE, DELETE, TRUNCATE ON cdm.tag_rule_counts TO warehouse_operator;
  DROP TABLE cdm.user_rule_states;
  DELETE FROM cdm.tag_rule_products;
  ALTER TABLE cdm.tag_rule_products DROP CONSTRAINT tag_rule_products_pkey, DROP condition, ADD PRIMARY KEY (rule_id, product_id);
  DELETE FROM cdm.user_tags WHERE order_cnt = 0;
  ALTER TABLE cdm.user_tags DROP CONSTRAINT user_tags_order_cnt_check,
    ADD CONSTRAINT user_tags_order_cnt_check CHECK (order_cnt > 0);
  INSERT INTO cdm.tag_evaluations (rule_id) SELECT id FROM cdm.tag_rules;
`;
