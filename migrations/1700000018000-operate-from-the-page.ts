import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operators do from the page of cdm, and by commands: dead letters sent again or discarded, parked orders tried again or given up, and
 * who did it. For what they do in `stg` there are functions, which run as their owner: cdm reads and writes no table of that schema.
 */
export class OperateFromThePage1700000018000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(letters);
    await runner.query(givenUp);
    for (const text of functions) {
      await runner.query(text);
    }
    await runner.query(rights);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      DROP FUNCTION pipeline.parked_orders, pipeline.parked_message, pipeline.count_parked, pipeline.retry_parked,
        pipeline.give_up_parked;
      DROP INDEX stg.pending_orders_given_up;
      ALTER TABLE stg.pending_orders DROP COLUMN given_up_by, DROP COLUMN given_up_at;
      DROP TABLE operations.discarded_dead_letters;
      ALTER TABLE operations.replayed_dead_letters DROP COLUMN replayed_by, DROP COLUMN reason;
      REVOKE ALL ON operations.replayed_dead_letters FROM cdm_service;
      REVOKE USAGE ON SCHEMA operations FROM cdm_service`);
  }
}

const letters = /* sql */ `
  ALTER TABLE operations.replayed_dead_letters ADD reason text COLLATE "C", ADD replayed_by text COLLATE "C";
  COMMENT ON COLUMN operations.replayed_dead_letters.reason IS 'Why the message was refused';
  COMMENT ON COLUMN operations.replayed_dead_letters.replayed_by IS 'User of the API, or login of PostgreSQL';

  CREATE TABLE operations.discarded_dead_letters (
    topic           text COLLATE "C" NOT NULL,
    partition       integer NOT NULL,
    message_offset  bigint NOT NULL,
    reason          text COLLATE "C" NOT NULL,
    discarded_by    text COLLATE "C" NOT NULL,
    discarded_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, message_offset)
  );
  COMMENT ON TABLE operations.discarded_dead_letters IS 'Dead letters that are done with, and were not sent to their topic again';
  COMMENT ON COLUMN operations.discarded_dead_letters.topic IS 'Topic of the dead letter';
  COMMENT ON COLUMN operations.discarded_dead_letters.partition IS 'Partition of the dead letter';
  COMMENT ON COLUMN operations.discarded_dead_letters.message_offset IS 'Offset of the dead letter';
  COMMENT ON COLUMN operations.discarded_dead_letters.reason IS 'Why the message was refused';
  COMMENT ON COLUMN operations.discarded_dead_letters.discarded_by IS 'User of the API, or login of PostgreSQL';
  COMMENT ON COLUMN operations.discarded_dead_letters.discarded_at IS 'When it was discarded';
`;

const givenUp = /* sql */ `
  ALTER TABLE stg.pending_orders ADD given_up_at timestamptz, ADD given_up_by text COLLATE "C";
  CREATE INDEX pending_orders_given_up ON stg.pending_orders (given_up_at) WHERE given_up_at IS NOT NULL;
  COMMENT ON COLUMN stg.pending_orders.given_up_at IS 'When an operator gave it up; the row leaves once the broker has acknowledged the dead letter';
  COMMENT ON COLUMN stg.pending_orders.given_up_by IS 'User of the API, or login of PostgreSQL';
`;

const AS_OWNER = 'SECURITY DEFINER SET search_path = pg_catalog, pg_temp';
const FILTER = 'missing jsonb, older_than bigint, order_id bigint, version text';

/** The first four parameters are those of the filter; each may be null. */
const isMeant = /* sql */ `
  released_at IS NULL AND given_up_at IS NULL AND ($1 IS NULL OR waiting.missing @> $1)
  AND ($2 IS NULL OR waiting_since <= now() - $2 * interval '1 second')
  AND ($3 IS NULL OR object_id = $3) AND ($4 IS NULL OR order_version = $4)`;

const order = /* sql */ `
  'object_id', object_id::text, 'order_version', order_version, 'waiting_since', waiting_since, 'attempts', attempts,
  'next_attempt_at', next_attempt_at, 'missing', waiting.missing, 'message', concat_ws(':', topic, partition, message_offset)`;

/** The lock is the one under which stg takes parked orders on: none of them changes meanwhile. */
const change = (name: string, others: string, assignments: string) => /* sql */ `
  CREATE FUNCTION pipeline.${name}(${FILTER}${others}) RETURNS integer LANGUAGE plpgsql ${AS_OWNER} AS $$
    DECLARE
      changed integer;
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('stg.pending_orders'));
      UPDATE stg.pending_orders waiting SET ${assignments} WHERE ${isMeant};
      GET DIAGNOSTICS changed = ROW_COUNT;
      RETURN changed;
    END
  $$`;

const functions = [
  /* sql */ `
  CREATE FUNCTION pipeline.parked_orders(${FILTER}, most integer, skip integer) RETURNS json LANGUAGE sql STABLE ${AS_OWNER} AS $$
    SELECT json_build_object(
      'orders', (
        SELECT coalesce(json_agg(json_build_object(${order}) ORDER BY waiting_since, object_id, order_version), '[]')
        FROM (
          SELECT object_id, order_version, waiting_since, attempts, next_attempt_at, waiting.missing, topic, partition, message_offset
          FROM stg.pending_orders waiting WHERE ${isMeant}
          ORDER BY waiting_since, object_id, order_version LIMIT $5 OFFSET $6
        ) waiting
      ),
      'matching', (SELECT count(*) FROM stg.pending_orders waiting WHERE ${isMeant}),
      'missing', (
        SELECT coalesce(json_agg(json_build_object('kind', kind, 'id', id, 'restaurant_id', restaurant, 'orders', orders)
          ORDER BY orders DESC, kind, id, restaurant), '[]')
        FROM (
          SELECT entry ->> 'kind' AS kind, entry ->> 'id' AS id, entry ->> 'restaurant_id' AS restaurant, count(*) AS orders
          FROM stg.pending_orders waiting CROSS JOIN jsonb_array_elements(waiting.missing) AS entry
          WHERE ${isMeant} GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT $5
        ) entries
      )
    )
  $$`,
  /* sql */ `
  CREATE FUNCTION pipeline.parked_message(order_id bigint, version text) RETURNS json LANGUAGE sql STABLE ${AS_OWNER} AS $$
    SELECT json_build_object(${order}, 'key', encode(message_key, 'base64'), 'value', encode(message_value, 'base64'),
      'headers', coalesce(message_header_list, '[]'))
    FROM stg.pending_orders waiting
    WHERE object_id = $1 AND order_version = $2 AND released_at IS NULL AND given_up_at IS NULL
  $$`,
  /* sql */ `
  CREATE FUNCTION pipeline.count_parked(${FILTER}) RETURNS integer LANGUAGE sql STABLE ${AS_OWNER} AS $$
    SELECT count(*)::integer FROM stg.pending_orders waiting WHERE ${isMeant}
  $$`,
  change('retry_parked', '', 'next_attempt_at = now()'),
  change(
    'give_up_parked',
    ', by_whom text',
    'given_up_at = now(), given_up_by = coalesce($5, session_user::text)',
  ),
];

const rights = /* sql */ `
  COMMENT ON FUNCTION pipeline.parked_orders IS 'Orders that wait, the longest waiting first, and what they lack';
  COMMENT ON FUNCTION pipeline.parked_message IS 'An order that waits, with its message in base64; null where it does not wait';
  COMMENT ON FUNCTION pipeline.count_parked IS 'How many orders wait';
  COMMENT ON FUNCTION pipeline.retry_parked IS 'Lets stg try orders that wait at once; how many';
  COMMENT ON FUNCTION pipeline.give_up_parked IS 'Lets stg make dead letters of orders that wait; how many';
  REVOKE EXECUTE ON FUNCTION pipeline.parked_orders, pipeline.parked_message, pipeline.count_parked, pipeline.retry_parked,
    pipeline.give_up_parked FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION pipeline.parked_orders, pipeline.parked_message, pipeline.count_parked, pipeline.retry_parked,
    pipeline.give_up_parked TO cdm_service, warehouse_operator;
  GRANT USAGE ON SCHEMA operations TO cdm_service;
  GRANT SELECT, INSERT, UPDATE ON operations.replayed_dead_letters TO cdm_service;
  GRANT SELECT, INSERT, DELETE ON operations.discarded_dead_letters TO cdm_service, warehouse_operator;
`;
