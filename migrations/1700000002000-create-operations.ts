import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operator tools need and remember: which dead letters were sent again, who was forgotten, and how a user is forgotten. Functions
 * that the role `forgetting` may call do it, so that the role itself may touch no table.
 */
export class CreateOperations1700000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(blankForms);
    await runner.query(forgetUser);
    await runner.query(guards);
    await runner.query(roles);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA operations CASCADE');
  }
}

const tables = /* sql */ `
  CREATE SCHEMA operations;
  COMMENT ON SCHEMA operations IS 'What operators did by tools: dead letters sent again, users forgotten';

  CREATE TABLE operations.replayed_dead_letters (
    topic           text NOT NULL,
    partition       integer NOT NULL,
    message_offset  bigint NOT NULL,
    replayed_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, message_offset)
  );
  COMMENT ON TABLE operations.replayed_dead_letters IS 'Dead letters that were sent to their topic again';
  COMMENT ON COLUMN operations.replayed_dead_letters.topic IS 'Topic of the dead letter';
  COMMENT ON COLUMN operations.replayed_dead_letters.partition IS 'Partition of the dead letter';
  COMMENT ON COLUMN operations.replayed_dead_letters.message_offset IS 'Offset of the dead letter';
  COMMENT ON COLUMN operations.replayed_dead_letters.replayed_at IS 'When it was sent again last';

  CREATE TABLE operations.forgotten_users (
    user_id       text COLLATE "C" PRIMARY KEY,
    h_user_pk     uuid NOT NULL CONSTRAINT forgotten_users_h_user_pk_key UNIQUE,
    forgotten_at  timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE operations.forgotten_users IS 'Users whose names are kept nowhere, and are blanked when they come again';
  COMMENT ON COLUMN operations.forgotten_users.user_id IS 'Id of the user at the source';
  COMMENT ON COLUMN operations.forgotten_users.h_user_pk IS 'Hash key of the user';
  COMMENT ON COLUMN operations.forgotten_users.forgotten_at IS 'When the user was forgotten first';
`;

/** What is left of a user. A name must not be empty: orders without one are refused. Values of JSON stay the texts that they were. */
const blankForms = /* sql */ `
  CREATE FUNCTION operations.blank_entry(user_id text, entry json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT json_strip_nulls(json_build_object('_id', user_id, 'name', '[forgotten]',
      'update_ts_utc', entry -> 'update_ts_utc', 'update_ts', entry -> 'update_ts'))
  $$;
  COMMENT ON FUNCTION operations.blank_entry IS 'A dictionary entry with its time and without the person';

  CREATE FUNCTION operations.blank_payload(payload json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT json_build_object(
      'restaurant', json_build_object('id', payload #> '{restaurant,id}'),
      'date', payload -> 'date',
      'user', json_build_object('id', payload #> '{user,id}'),
      'order_items', (
        SELECT coalesce(json_agg(json_build_object('id', item -> 'id', 'name', item -> 'name', 'price', item -> 'price',
          'quantity', item -> 'quantity') ORDER BY place), '[]')
        FROM json_array_elements(payload -> 'order_items') WITH ORDINALITY AS items (item, place)),
      'bonus_payment', payload -> 'bonus_payment', 'cost', payload -> 'cost', 'payment', payload -> 'payment',
      'bonus_grant', payload -> 'bonus_grant',
      'statuses', (
        SELECT coalesce(json_agg(json_build_object('status', status -> 'status', 'dttm', status -> 'dttm') ORDER BY place), '[]')
        FROM json_array_elements(payload -> 'statuses') WITH ORDINALITY AS statuses (status, place)),
      'final_status', payload -> 'final_status', 'update_ts', payload -> 'update_ts')
  $$;
  COMMENT ON FUNCTION operations.blank_payload IS 'The payload of an order with the members that the pipeline reads and no others';

  CREATE FUNCTION operations.blank_message(message bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_to(json_build_object('object_id', received -> 'object_id', 'object_type', received -> 'object_type',
      'sent_dttm', received -> 'sent_dttm', 'payload', operations.blank_payload(received -> 'payload'))::text, 'UTF8')
    FROM (SELECT convert_from(message, 'UTF8')::json AS received) read
  $$;
  COMMENT ON FUNCTION operations.blank_message IS 'The message of an order with the members that the pipeline reads and no others';
`;

/**
 * Locks as services do: the job of parked orders, orders by id, what hangs on them, entries. The two tables that bring names back are
 * locked against writers for the last moment: who writes afterwards, also in a batch that has begun before, knows whom to blank.
 * Of two names with the same time one row is left, since only their digests told them apart.
 */
const forgetUser = /* sql */ `
  CREATE FUNCTION operations.forget_user(forgotten text) RETURNS TABLE (place text, changed bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
    DECLARE
      user_key uuid := dds.hash_key('h_user', forgotten);
      blank_diff uuid := dds.hash_key('s_user_names', '[forgotten]', NULL);
      orders bigint[];
      merged bigint;
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('stg.pending_orders'));
      SELECT array_agg(object_id) INTO orders FROM (
        SELECT object_id FROM stg.order_events WHERE payload #>> '{user,id}' = forgotten ORDER BY object_id FOR UPDATE
      ) locked;
      IF orders IS NULL
        AND NOT EXISTS (SELECT FROM stg.dictionary_entries WHERE entry_kind = 'user' AND entry_key = forgotten)
        AND NOT EXISTS (SELECT FROM dds.h_user WHERE h_user_pk = user_key) THEN
        RETURN;
      END IF;
      INSERT INTO operations.forgotten_users (user_id, h_user_pk) VALUES (forgotten, user_key) ON CONFLICT DO NOTHING;

      place := 'stg.order_events';
      UPDATE stg.order_events SET payload = operations.blank_payload(payload)
      WHERE object_id = ANY (orders) AND payload::text <> operations.blank_payload(payload)::text;
      GET DIAGNOSTICS changed = ROW_COUNT;
      RETURN NEXT;

      place := 'stg.superseded_order_events';
      UPDATE stg.superseded_order_events SET payload = operations.blank_payload(payload)
      WHERE object_id = ANY (orders) AND payload::text <> operations.blank_payload(payload)::text;
      GET DIAGNOSTICS changed = ROW_COUNT;
      RETURN NEXT;

      place := 'stg.pending_orders';
      UPDATE stg.pending_orders SET
        message_key = NULL, message_headers = '{}', message_value = operations.blank_message(message_value)
      WHERE object_id = ANY (orders) AND (message_key IS NOT NULL OR message_headers <> '{}'
        OR message_value <> operations.blank_message(message_value));
      GET DIAGNOSTICS changed = ROW_COUNT;
      RETURN NEXT;

      LOCK TABLE stg.dictionary_entries, dds.s_user_names IN SHARE ROW EXCLUSIVE MODE;
      place := 'stg.dictionary_entries';
      UPDATE stg.dictionary_entries SET entry = operations.blank_entry(entry_key, entry)
      WHERE entry_kind = 'user' AND entry_key = forgotten
        AND entry::text <> operations.blank_entry(entry_key, entry)::text;
      GET DIAGNOSTICS changed = ROW_COUNT;
      RETURN NEXT;

      place := 'dds.s_user_names';
      DELETE FROM dds.s_user_names surplus USING dds.s_user_names kept
      WHERE surplus.h_user_pk = user_key AND kept.h_user_pk = user_key AND kept.valid_from = surplus.valid_from
        AND kept.hk_user_names_hashdiff < surplus.hk_user_names_hashdiff;
      GET DIAGNOSTICS merged = ROW_COUNT;
      UPDATE dds.s_user_names SET username = '[forgotten]', userlogin = NULL, hk_user_names_hashdiff = blank_diff
      WHERE h_user_pk = user_key AND hk_user_names_hashdiff <> blank_diff;
      GET DIAGNOSTICS changed = ROW_COUNT;
      changed := changed + merged;
      RETURN NEXT;
    END
  $$;
  COMMENT ON FUNCTION operations.forget_user IS 'Blanks name and login of a user wherever they are kept; how many rows changed, by table; none where the user is unknown';
`;

/** A repeated message, a replay or a rebuild may bring a name again, whoever writes it: what is stored of it is blank. */
const guards = /* sql */ `
  CREATE FUNCTION operations.blank_forgotten_entry() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
    BEGIN
      IF EXISTS (SELECT FROM operations.forgotten_users WHERE user_id = NEW.entry_key) THEN
        NEW.entry := operations.blank_entry(NEW.entry_key, NEW.entry);
      END IF;
      RETURN NEW;
    END
  $$;
  CREATE TRIGGER forgotten_users BEFORE INSERT ON stg.dictionary_entries
    FOR EACH ROW WHEN (NEW.entry_kind = 'user') EXECUTE FUNCTION operations.blank_forgotten_entry();

  CREATE FUNCTION operations.blank_forgotten_name() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
    BEGIN
      IF EXISTS (SELECT FROM operations.forgotten_users WHERE h_user_pk = NEW.h_user_pk) THEN
        NEW.username := '[forgotten]';
        NEW.userlogin := NULL;
        NEW.hk_user_names_hashdiff := dds.hash_key('s_user_names', '[forgotten]', NULL);
      END IF;
      RETURN NEW;
    END
  $$;
  CREATE TRIGGER forgotten_users BEFORE INSERT ON dds.s_user_names
    FOR EACH ROW EXECUTE FUNCTION operations.blank_forgotten_name();

  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA operations FROM PUBLIC;
`;

/** As with the role report_reader: one that cannot be made here is made by an administrator (docs/operations.md). */
const roles = /* sql */ `
  DO $$
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'forgetting') THEN
      CREATE ROLE forgetting NOLOGIN;
      COMMENT ON ROLE forgetting IS 'May blank name and login of a user of Order Vault and nothing else';
    END IF;
  EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
  END
  $$;
  DO $$
  BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'forgetting') THEN
      GRANT USAGE ON SCHEMA operations TO forgetting;
      GRANT EXECUTE ON FUNCTION operations.forget_user(text) TO forgetting;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warehouse_operator') THEN
      GRANT USAGE ON SCHEMA operations TO warehouse_operator;
      GRANT SELECT ON operations.forgotten_users TO warehouse_operator;
      GRANT SELECT, INSERT, UPDATE ON operations.replayed_dead_letters TO warehouse_operator;
    END IF;
  END
  $$;
`;
