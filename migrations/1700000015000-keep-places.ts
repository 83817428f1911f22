import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the message of each staged version lies in Kafka, so that a figure can be followed to its message. Rows of the release before have
 * none, and what it writes while a rollout lasts has none.
 */
export class KeepPlaces1700000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(
        `ALTER TABLE stg.${table} ADD topic text, ADD partition integer, ADD message_offset bigint`,
      );
    }
    await runner.query(staged);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(stagedBefore);
    for (const table of tables) {
      await runner.query(`ALTER TABLE stg.${table} DROP topic, DROP partition, DROP message_offset`);
    }
  }
}

const tables = ['order_events', 'superseded_order_events'];

/** `pipeline.staged_order` as of the migration before, with what differs. */
const stagedOrder = (message: string, waiting: string, place: string) => /* sql */ `
  CREATE OR REPLACE FUNCTION pipeline.staged_order(order_id bigint) RETURNS json
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(json_agg(json_build_object(
      'version', order_version,
      'sent_at', sent_dttm::text,
      'staged_at', staged.load_dt,
      'is_newest', is_newest,
      'payload', payload::text,
      ${message}
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
          'missing', missing${waiting})
        FROM stg.pending_orders waiting
        WHERE waiting.object_id = staged.object_id AND waiting.order_version = staged.order_version
      )
    ) ORDER BY order_version), '[]')
    FROM (
      SELECT true AS is_newest, object_id, order_version, sent_dttm, load_dt, payload, user_entry_pk, restaurant_entry_pk,
        earlier_menus${place}
      FROM stg.order_events WHERE object_id = $1
      UNION ALL
      SELECT false, object_id, order_version, sent_dttm, load_dt, payload, user_entry_pk, restaurant_entry_pk,
        earlier_menus${place}
      FROM stg.superseded_order_events WHERE object_id = $1
    ) AS staged
  $$;
`;

const staged = stagedOrder(
  `'message', topic || ':' || partition || ':' || message_offset,`,
  '',
  ', topic, partition, message_offset',
);
const stagedBefore = stagedOrder('', `, 'message', concat_ws(':', topic, partition, message_offset)`, '');
