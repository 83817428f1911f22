import type { MigrationInterface, QueryRunner } from 'typeorm';

const marts = ['restaurant_category_counters', 'category_popularity', 'product_popularity', 'daily_sales'];

/**
 * Marts at whose rows replicas of cdm meet become views, which add up the rows of tables with a row for each slot. What is there is in slot 0.
 * cdm of the release before cannot write to a view: its batches wait, with nothing lost, until the new cdm takes over.
 */
export class SlotSharedMarts1700000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const grants = await grantsToRead(runner);
    const readers = await viewsThatRead(runner);
    await runner.query(slots);
    await runner.query(views);
    await runAll(runner, [
      ...grants,
      ...readers,
      'ALTER TABLE cdm.restaurant_category_counters_slots DROP restaurant_name',
      reports('cdm.daily_sales_slots'),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const grants = await grantsToRead(runner);
    const readers = await viewsThatRead(runner);
    await runAll(
      runner,
      marts.map((mart) => `ALTER VIEW cdm.${mart} RENAME TO ${mart}_sums`),
    );
    await runner.query(tables);
    await runAll(runner, [
      ...grants,
      ...readers,
      reports('cdm.daily_sales'),
      ...marts.map((mart) => `DROP VIEW cdm.${mart}_sums; DROP TABLE cdm.${mart}_slots`),
    ]);
  }
}

async function runAll(runner: QueryRunner, statements: string[]): Promise<void> {
  for (const statement of statements) {
    await runner.query(statement);
  }
}

/** Who may read a mart may read it still, whatever it is: a right is one to the table, not to its name. */
async function grantsToRead(runner: QueryRunner): Promise<string[]> {
  const granted = (await runner.query(
    /* sql */ `
    WITH relations AS (SELECT *, format('cdm.%I', relname) AS name FROM pg_class WHERE oid = ANY ($1::text[]::regclass[])),
    granted AS (
      SELECT name, relowner, '' AS columns, acl.* FROM relations CROSS JOIN aclexplode(relacl) AS acl
      UNION ALL
      SELECT name, relowner, format(' (%I)', attname), acl.*
      FROM relations JOIN pg_attribute ON attrelid = relations.oid AND attnum > 0 CROSS JOIN aclexplode(attacl) AS acl
    )
    SELECT format('GRANT SELECT%s ON %s TO %s%s', columns, name,
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END) AS statement
    FROM granted WHERE privilege_type = 'SELECT' AND grantee <> relowner`,
    [marts.map((mart) => `cdm.${mart}`)],
  )) as { statement: string }[];
  return granted.map(({ statement }) => statement);
}

/**
 * Statements that make the views that read a mart again as they are, those of others too: they hold on to the relation, not to its name, and
 * would read slots.
 * @throws where a materialized view reads a mart: it cannot be replaced
 */
async function viewsThatRead(runner: QueryRunner): Promise<string[]> {
  const found = (await runner.query(
    /* sql */ `
    SELECT DISTINCT format('%I.%I', nspname, relname) AS name, relkind = 'm' AS "isMaterialized",
      format('CREATE OR REPLACE VIEW %I.%I %s AS %s', nspname, relname,
        'WITH (' || nullif(array_to_string(reloptions, ', '), '') || ')', pg_get_viewdef(c.oid)) AS statement
    FROM pg_depend d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($1::text[]::regclass[]) AND c.oid <> d.refobjid
    ORDER BY name`,
    [marts.map((mart) => `cdm.${mart}`)],
  )) as { name: string; isMaterialized: boolean; statement: string }[];
  const materialized = found.filter(({ isMaterialized }) => isMaterialized).map(({ name }) => name);
  if (materialized.length > 0) {
    throw new Error(
      `materialized views read marts that become views: ${materialized.join(', ')}. Drop them, migrate, and create them again`,
    );
  }
  return found.map(({ statement }) => statement);
}

const slots = /* sql */ `
  ALTER TABLE cdm.restaurant_category_counters RENAME TO restaurant_category_counters_slots;
  ALTER SEQUENCE cdm.restaurant_category_counters_id_seq RENAME TO restaurant_category_counters_slots_id_seq;
  ALTER TABLE cdm.restaurant_category_counters_slots
    RENAME CONSTRAINT restaurant_category_counters_pkey TO restaurant_category_counters_slots_pkey;
  ALTER TABLE cdm.restaurant_category_counters_slots
    ADD slot integer NOT NULL DEFAULT 0,
    ALTER category_name DROP NOT NULL,
    DROP CONSTRAINT restaurant_category_counters_order_cnt_check,
    DROP CONSTRAINT restaurant_category_counters_key,
    ADD CONSTRAINT restaurant_category_counters_slots_key UNIQUE (restaurant_id, category_id, slot);
  ALTER TABLE cdm.restaurant_category_counters_slots ALTER slot DROP DEFAULT;

  ALTER TABLE cdm.category_popularity RENAME TO category_popularity_slots;
  ALTER TABLE cdm.category_popularity_slots
    ADD slot integer NOT NULL DEFAULT 0,
    ALTER category_name DROP NOT NULL,
    DROP CONSTRAINT category_popularity_order_cnt_check, DROP CONSTRAINT category_popularity_user_cnt_check,
    DROP CONSTRAINT category_popularity_pkey, ADD PRIMARY KEY (category_id, slot);
  ALTER TABLE cdm.category_popularity_slots ALTER slot DROP DEFAULT;

  ALTER TABLE cdm.product_popularity RENAME TO product_popularity_slots;
  ALTER TABLE cdm.product_popularity_slots
    ADD slot integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT product_popularity_order_cnt_check, DROP CONSTRAINT product_popularity_user_cnt_check,
    DROP CONSTRAINT product_popularity_pkey, ADD PRIMARY KEY (product_id, slot);
  ALTER TABLE cdm.product_popularity_slots ALTER slot DROP DEFAULT;

  ALTER TABLE cdm.daily_sales RENAME TO daily_sales_slots;
  ALTER TABLE cdm.daily_sales_slots
    ADD slot integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT daily_sales_order_cnt_check, DROP CONSTRAINT daily_sales_closed_order_cnt_check,
    DROP CONSTRAINT daily_sales_cost_check, DROP CONSTRAINT daily_sales_payment_check,
    DROP CONSTRAINT daily_sales_pkey, ADD PRIMARY KEY (day, restaurant_id, slot);
  ALTER TABLE cdm.daily_sales_slots ALTER slot DROP DEFAULT;

  REVOKE DELETE ON cdm.restaurant_category_counters_slots, cdm.category_popularity_slots, cdm.product_popularity_slots,
    cdm.daily_sales_slots FROM cdm_service;
`;

/** A row whose counts are all zero is none. One that is left of a mistake is shown, so that reconcile finds it. */
const views = /* sql */ `
  CREATE VIEW cdm.restaurant_category_counters AS
    SELECT id, restaurant_id, restaurant_name COLLATE "default" AS restaurant_name, category_id, category_name, order_cnt
    FROM (
      SELECT min(id) AS id, restaurant_id, category_id, max(category_name) AS category_name, sum(order_cnt)::integer AS order_cnt
      FROM cdm.restaurant_category_counters_slots GROUP BY restaurant_id, category_id HAVING sum(order_cnt) <> 0
    ) AS counted LEFT JOIN cdm.restaurant_names USING (restaurant_id);
  COMMENT ON VIEW cdm.restaurant_category_counters IS 'How many distinct CLOSED orders at a restaurant contain a product of a category';
  COMMENT ON COLUMN cdm.restaurant_category_counters.id IS 'Number of the row';
  COMMENT ON COLUMN cdm.restaurant_category_counters.restaurant_id IS 'Hash key of the restaurant';
  COMMENT ON COLUMN cdm.restaurant_category_counters.restaurant_name IS 'Newest name of the restaurant';
  COMMENT ON COLUMN cdm.restaurant_category_counters.category_id IS 'Hash key of the category';
  COMMENT ON COLUMN cdm.restaurant_category_counters.category_name IS 'Name of the category';
  COMMENT ON COLUMN cdm.restaurant_category_counters.order_cnt IS 'Distinct CLOSED orders';

  CREATE VIEW cdm.category_popularity AS
    SELECT category_id, max(category_name) AS category_name, sum(order_cnt)::integer AS order_cnt, sum(user_cnt)::integer AS user_cnt
    FROM cdm.category_popularity_slots GROUP BY category_id HAVING sum(order_cnt) <> 0 OR sum(user_cnt) <> 0;
  COMMENT ON VIEW cdm.category_popularity IS 'How many distinct CLOSED orders, and users of such, have a product of a category';
  COMMENT ON COLUMN cdm.category_popularity.category_id IS 'Hash key of the category';
  COMMENT ON COLUMN cdm.category_popularity.category_name IS 'Name of the category';
  COMMENT ON COLUMN cdm.category_popularity.order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON COLUMN cdm.category_popularity.user_cnt IS 'Distinct users of these orders';

  CREATE VIEW cdm.product_popularity AS
    SELECT product_id, sum(order_cnt)::integer AS order_cnt, sum(user_cnt)::integer AS user_cnt
    FROM cdm.product_popularity_slots GROUP BY product_id HAVING sum(order_cnt) <> 0 OR sum(user_cnt) <> 0;
  COMMENT ON VIEW cdm.product_popularity IS 'How many distinct CLOSED orders, and users of such, have a product';
  COMMENT ON COLUMN cdm.product_popularity.product_id IS 'Hash key of the product';
  COMMENT ON COLUMN cdm.product_popularity.order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON COLUMN cdm.product_popularity.user_cnt IS 'Distinct users of these orders';

  CREATE VIEW cdm.daily_sales AS
    SELECT day, restaurant_id, sum(order_cnt)::integer AS order_cnt, sum(closed_order_cnt)::integer AS closed_order_cnt,
      sum(cost)::numeric(24, 5) AS cost, sum(payment)::numeric(24, 5) AS payment
    FROM cdm.daily_sales_slots GROUP BY day, restaurant_id
    HAVING sum(order_cnt) <> 0 OR sum(closed_order_cnt) <> 0;
  COMMENT ON VIEW cdm.daily_sales IS 'Orders and money of a restaurant on a day';
  COMMENT ON COLUMN cdm.daily_sales.day IS 'Day on which the orders were made, in the source''s time zone';
  COMMENT ON COLUMN cdm.daily_sales.restaurant_id IS 'Hash key of the restaurant';
  COMMENT ON COLUMN cdm.daily_sales.order_cnt IS 'Distinct orders, whatever their status';
  COMMENT ON COLUMN cdm.daily_sales.closed_order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON COLUMN cdm.daily_sales.cost IS 'Cost of the CLOSED orders';
  COMMENT ON COLUMN cdm.daily_sales.payment IS 'What was paid for the CLOSED orders';
`;

/** Sums over all days are those of the slots, without adding up each day of each restaurant first. */
const reports = (sales: string) => /* sql */ `
  CREATE OR REPLACE VIEW report.category_popularity AS
    SELECT category_id, category_name AS category, order_cnt AS orders, user_cnt AS users,
      round(order_cnt / (SELECT sum(closed_order_cnt) FROM ${sales})::numeric, 6) AS share_of_orders,
      round(user_cnt / (SELECT count(*) FROM cdm.users WHERE closed_order_cnt > 0)::numeric, 6) AS share_of_users
    FROM cdm.category_popularity;
  CREATE OR REPLACE VIEW report.dish_popularity AS
    SELECT product_id AS dish_id, product_name AS dish, order_cnt AS orders, user_cnt AS users,
      round(order_cnt / (SELECT sum(closed_order_cnt) FROM ${sales})::numeric, 6) AS share_of_orders,
      round(user_cnt / (SELECT count(*) FROM cdm.users WHERE closed_order_cnt > 0)::numeric, 6) AS share_of_users
    FROM cdm.product_popularity JOIN cdm.product_names USING (product_id);
  CREATE OR REPLACE VIEW report.restaurant_popularity AS
    SELECT restaurant_id, restaurant_name AS restaurant, sum(order_cnt)::integer AS orders,
      sum(closed_order_cnt)::integer AS closed_orders, sum(payment) AS revenue,
      round(sum(cost) / nullif(sum(closed_order_cnt), 0), 2) AS average_bill
    FROM ${sales} JOIN cdm.restaurant_names USING (restaurant_id) GROUP BY restaurant_id, restaurant_name
    HAVING sum(order_cnt) <> 0;
`;

/** As the release before has them, with what the views say. */
const tables = /* sql */ `
  CREATE TABLE cdm.restaurant_category_counters (
    id               bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    restaurant_id    uuid NOT NULL,
    restaurant_name  text NOT NULL,
    category_id      uuid NOT NULL,
    category_name    text NOT NULL,
    order_cnt        integer NOT NULL CONSTRAINT restaurant_category_counters_order_cnt_check CHECK (order_cnt > 0),
    CONSTRAINT restaurant_category_counters_key UNIQUE (restaurant_id, category_id)
  ) WITH (fillfactor = 50);
  CREATE TABLE cdm.category_popularity (
    category_id    uuid PRIMARY KEY,
    category_name  text NOT NULL,
    order_cnt      integer NOT NULL CONSTRAINT category_popularity_order_cnt_check CHECK (order_cnt > 0),
    user_cnt       integer NOT NULL CONSTRAINT category_popularity_user_cnt_check CHECK (user_cnt >= 0)
  ) WITH (fillfactor = 50);
  CREATE TABLE cdm.product_popularity (
    product_id  uuid PRIMARY KEY,
    order_cnt   integer NOT NULL CONSTRAINT product_popularity_order_cnt_check CHECK (order_cnt > 0),
    user_cnt    integer NOT NULL CONSTRAINT product_popularity_user_cnt_check CHECK (user_cnt >= 0)
  ) WITH (fillfactor = 50);
  CREATE TABLE cdm.daily_sales (
    day               date NOT NULL,
    restaurant_id     uuid NOT NULL,
    order_cnt         integer NOT NULL CONSTRAINT daily_sales_order_cnt_check CHECK (order_cnt > 0),
    closed_order_cnt  integer NOT NULL CONSTRAINT daily_sales_closed_order_cnt_check CHECK (closed_order_cnt >= 0),
    cost              numeric(24, 5) NOT NULL CONSTRAINT daily_sales_cost_check CHECK (cost >= 0),
    payment           numeric(24, 5) NOT NULL CONSTRAINT daily_sales_payment_check CHECK (payment >= 0),
    PRIMARY KEY (day, restaurant_id)
  ) WITH (fillfactor = 50);
  GRANT INSERT, UPDATE, DELETE ON cdm.restaurant_category_counters, cdm.category_popularity, cdm.product_popularity, cdm.daily_sales
    TO cdm_service;
  GRANT INSERT, UPDATE, DELETE, TRUNCATE
    ON cdm.restaurant_category_counters, cdm.category_popularity, cdm.product_popularity, cdm.daily_sales TO warehouse_operator;
  INSERT INTO cdm.restaurant_category_counters SELECT * FROM cdm.restaurant_category_counters_sums;
  SELECT setval('cdm.restaurant_category_counters_id_seq', coalesce(max(id), 0) + 1, false) FROM cdm.restaurant_category_counters;
  INSERT INTO cdm.category_popularity SELECT * FROM cdm.category_popularity_sums;
  INSERT INTO cdm.product_popularity SELECT * FROM cdm.product_popularity_sums;
  INSERT INTO cdm.daily_sales SELECT * FROM cdm.daily_sales_sums;
`;
