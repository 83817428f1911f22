import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The schemas as they first were. Hash keys are UUID version 5 over business keys, computed by the services and,
 * for queries by hand, by `dds.hash_key`. Text that is compared or sorted has the collation "C": byte for byte.
 */
export class CreateWarehouse1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(staging);
    await runner.query(hashKeyFunction);
    await runner.query(vaultHubs);
    await runner.query(vaultLinks);
    await runner.query(vaultSatellites);
    await runner.query(vaultViews);
    await runner.query(marts);
    await runner.query(tags);
    await runner.query(pipeline);
    await runner.query(report);
    await runner.query(reportReader);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP SCHEMA report CASCADE; DROP SCHEMA pipeline CASCADE; DROP SCHEMA cdm CASCADE; DROP SCHEMA dds CASCADE; DROP SCHEMA stg CASCADE',
    );
  }
}

const staging = /* sql */ `
  CREATE SCHEMA stg;
  COMMENT ON SCHEMA stg IS 'Staging: orders and dictionary entries as received';

  CREATE TABLE stg.dictionary_entries (
    entry_pk    uuid PRIMARY KEY,
    entry_kind  text NOT NULL CHECK (entry_kind IN ('user', 'restaurant')),
    entry_key   text COLLATE "C" NOT NULL,
    valid_from  timestamp NOT NULL,
    timed       boolean NOT NULL,
    entry       json NOT NULL,
    load_dt     timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE stg.dictionary_entries IS 'Every version of every user and restaurant entry that was used, as received: the history that Redis does not keep';
  COMMENT ON COLUMN stg.dictionary_entries.entry_pk IS 'UUID version 5 over kind, key and text of the entry';
  COMMENT ON COLUMN stg.dictionary_entries.entry_kind IS 'user or restaurant';
  COMMENT ON COLUMN stg.dictionary_entries.entry_key IS 'Key in Redis: the id of the user or restaurant at the source';
  COMMENT ON COLUMN stg.dictionary_entries.valid_from IS 'Time that the entry tells; without one, 1970-01-01 for the first entry of a key and the moment it was first seen (UTC) for later ones';
  COMMENT ON COLUMN stg.dictionary_entries.timed IS 'Whether the entry tells its time itself';
  COMMENT ON COLUMN stg.dictionary_entries.entry IS 'The value of the key, as received';
  COMMENT ON COLUMN stg.dictionary_entries.load_dt IS 'When the row was loaded';
  CREATE INDEX dictionary_entries_newest ON stg.dictionary_entries (entry_key, entry_kind, valid_from);
  -- One first entry a key: of two replicas that see two first entries at once, the second one dates its own with the clock.
  CREATE UNIQUE INDEX dictionary_entries_first_untimed ON stg.dictionary_entries (entry_key, entry_kind)
    WHERE NOT timed AND valid_from = '1970-01-01';

  CREATE SEQUENCE stg.order_version_id;

  CREATE TABLE stg.order_events (
    id                   bigint PRIMARY KEY DEFAULT nextval('stg.order_version_id'),
    object_id            bigint NOT NULL,
    object_type          text NOT NULL,
    sent_dttm            timestamp NOT NULL,
    payload              json NOT NULL,
    order_version        text COLLATE "C" NOT NULL,
    user_entry_pk        uuid,
    restaurant_entry_pk  uuid,
    earlier_menus        jsonb,
    load_dt              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT order_events_object_id_key UNIQUE (object_id)
  );
  COMMENT ON TABLE stg.order_events IS 'The newest version of every order, payload as received';
  COMMENT ON COLUMN stg.order_events.id IS 'Number of the stored order version, shared with superseded_order_events';
  COMMENT ON COLUMN stg.order_events.object_id IS 'Id of the order at the source';
  COMMENT ON COLUMN stg.order_events.object_type IS 'Type of the message at the source: order';
  COMMENT ON COLUMN stg.order_events.sent_dttm IS 'When the source sent the version, in the source''s time zone';
  COMMENT ON COLUMN stg.order_events.payload IS 'Payload of the message, character for character as received';
  COMMENT ON COLUMN stg.order_events.order_version IS 'update_ts, sent_dttm and digest of the message as one text that sorts from older to newer';
  COMMENT ON COLUMN stg.order_events.user_entry_pk IS 'Dictionary entry of the user that the version was enriched with; empty while it waits';
  COMMENT ON COLUMN stg.order_events.restaurant_entry_pk IS 'Dictionary entry of the restaurant that the version was enriched with; empty while it waits';
  COMMENT ON COLUMN stg.order_events.earlier_menus IS 'Dish id to dictionary entry, for dishes that were found in an earlier menu of the restaurant';
  COMMENT ON COLUMN stg.order_events.load_dt IS 'When the row was loaded';

  CREATE TABLE stg.superseded_order_events (
    id                   bigint PRIMARY KEY DEFAULT nextval('stg.order_version_id'),
    object_id            bigint NOT NULL,
    object_type          text NOT NULL,
    sent_dttm            timestamp NOT NULL,
    payload              json NOT NULL,
    order_version        text COLLATE "C" NOT NULL,
    user_entry_pk        uuid,
    restaurant_entry_pk  uuid,
    earlier_menus        jsonb,
    load_dt              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT superseded_order_events_version_key UNIQUE (object_id, order_version)
  );
  COMMENT ON TABLE stg.superseded_order_events IS 'The order versions that are not the newest of their order: with order_events, every version once';
  COMMENT ON COLUMN stg.superseded_order_events.id IS 'Number of the stored order version, shared with order_events';
  COMMENT ON COLUMN stg.superseded_order_events.object_id IS 'Id of the order at the source';
  COMMENT ON COLUMN stg.superseded_order_events.object_type IS 'Type of the message at the source: order';
  COMMENT ON COLUMN stg.superseded_order_events.sent_dttm IS 'When the source sent the version, in the source''s time zone';
  COMMENT ON COLUMN stg.superseded_order_events.payload IS 'Payload of the message, character for character as received';
  COMMENT ON COLUMN stg.superseded_order_events.order_version IS 'update_ts, sent_dttm and digest of the message as one text that sorts from older to newer';
  COMMENT ON COLUMN stg.superseded_order_events.user_entry_pk IS 'Dictionary entry of the user that the version was enriched with; empty while it waits';
  COMMENT ON COLUMN stg.superseded_order_events.restaurant_entry_pk IS 'Dictionary entry of the restaurant that the version was enriched with; empty while it waits';
  COMMENT ON COLUMN stg.superseded_order_events.earlier_menus IS 'Dish id to dictionary entry, for dishes that were found in an earlier menu of the restaurant';
  COMMENT ON COLUMN stg.superseded_order_events.load_dt IS 'When the row was loaded';

  CREATE TABLE stg.pending_orders (
    object_id          bigint NOT NULL,
    order_version      text COLLATE "C" NOT NULL,
    missing            jsonb NOT NULL,
    waiting_since      timestamptz NOT NULL DEFAULT now(),
    attempts           integer NOT NULL DEFAULT 1,
    next_attempt_at    timestamptz NOT NULL,
    released_at        timestamptz,
    topic              text NOT NULL,
    partition          integer NOT NULL,
    message_offset     bigint NOT NULL,
    message_key        bytea,
    message_value      bytea NOT NULL,
    message_headers    jsonb NOT NULL,
    message_timestamp  bigint NOT NULL,
    PRIMARY KEY (object_id, order_version)
  );
  COMMENT ON TABLE stg.pending_orders IS 'Order versions that wait for a dictionary entry';
  COMMENT ON COLUMN stg.pending_orders.object_id IS 'Id of the order at the source';
  COMMENT ON COLUMN stg.pending_orders.order_version IS 'The version that waits';
  COMMENT ON COLUMN stg.pending_orders.missing IS 'What is missing: a list of {kind: user, restaurant or dish, id, restaurant_id}';
  COMMENT ON COLUMN stg.pending_orders.waiting_since IS 'When the version was parked';
  COMMENT ON COLUMN stg.pending_orders.attempts IS 'How often it was tried, the first time included';
  COMMENT ON COLUMN stg.pending_orders.next_attempt_at IS 'When it is tried again';
  COMMENT ON COLUMN stg.pending_orders.released_at IS 'When everything was found; the row leaves once the broker has acknowledged the output';
  COMMENT ON COLUMN stg.pending_orders.topic IS 'Topic of the message';
  COMMENT ON COLUMN stg.pending_orders.partition IS 'Partition of the message';
  COMMENT ON COLUMN stg.pending_orders.message_offset IS 'Offset of the message';
  COMMENT ON COLUMN stg.pending_orders.message_key IS 'Key of the message, for a dead letter';
  COMMENT ON COLUMN stg.pending_orders.message_value IS 'Value of the message, for a dead letter';
  COMMENT ON COLUMN stg.pending_orders.message_headers IS 'Headers of the message, values in base64, for a dead letter';
  COMMENT ON COLUMN stg.pending_orders.message_timestamp IS 'Timestamp of the message, in milliseconds since 1970';
  CREATE INDEX pending_orders_next_attempt ON stg.pending_orders (next_attempt_at);

  CREATE TABLE stg.skipped_messages (
    topic           text NOT NULL,
    partition       integer NOT NULL,
    message_offset  bigint NOT NULL,
    object_type     text,
    load_dt         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, message_offset)
  );
  COMMENT ON TABLE stg.skipped_messages IS 'Messages that were no orders';
  COMMENT ON COLUMN stg.skipped_messages.topic IS 'Topic of the message';
  COMMENT ON COLUMN stg.skipped_messages.partition IS 'Partition of the message';
  COMMENT ON COLUMN stg.skipped_messages.message_offset IS 'Offset of the message';
  COMMENT ON COLUMN stg.skipped_messages.object_type IS 'What the message said it was, if it did';
  COMMENT ON COLUMN stg.skipped_messages.load_dt IS 'When the row was loaded';
`;

/** The same digest as `libs/data-vault/src/hash-key.ts`; `pgcrypto` is a trusted extension, which a database owner may create. */
const hashKeyFunction = /* sql */ `
  CREATE SCHEMA dds;
  COMMENT ON SCHEMA dds IS 'Data Vault 2.0: hubs, links and satellites; insert-only';
  CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

  CREATE FUNCTION dds.hash_key(name text, VARIADIC parts text[]) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(set_byte(set_byte(sha1, 6, get_byte(sha1, 6) & 15 | 80), 8, get_byte(sha1, 8) & 63 | 128), 'hex')::uuid
    FROM (
      SELECT substring(public.digest(
        '\\x6e1f0a528d0b5c3e9f642b7a1c9d4e80'::bytea || convert_to(string_agg(
          coalesce(replace(replace(part, '\\', '\\\\'), '|', '\\|'), '\\N') || '|', '' ORDER BY position), 'UTF8'),
        'sha1') FOR 16) AS sha1
      FROM unnest(array_prepend(name, parts)) WITH ORDINALITY AS joined (part, position)
    ) digested
  $$;
  COMMENT ON FUNCTION dds.hash_key IS 'Hash key of a hub or link from its business keys, e.g. dds.hash_key(''h_user'', ''626a81ce9a8cd1920641e296'')';
`;

const vaultHubs = /* sql */ `
  CREATE TABLE dds.h_user (
    h_user_pk  uuid PRIMARY KEY,
    user_id    text COLLATE "C" NOT NULL,
    load_dt    timestamptz NOT NULL DEFAULT now(),
    load_src   text NOT NULL,
    CONSTRAINT h_user_user_id_key UNIQUE (user_id)
  );
  CREATE TABLE dds.h_product (
    h_product_pk  uuid PRIMARY KEY,
    product_id    text COLLATE "C" NOT NULL,
    load_dt       timestamptz NOT NULL DEFAULT now(),
    load_src      text NOT NULL,
    CONSTRAINT h_product_product_id_key UNIQUE (product_id)
  );
  CREATE TABLE dds.h_category (
    h_category_pk  uuid PRIMARY KEY,
    category_name  text COLLATE "C" NOT NULL,
    load_dt        timestamptz NOT NULL DEFAULT now(),
    load_src       text NOT NULL
  );
  -- Over a digest: a name may be longer than a B-tree entry can be.
  CREATE UNIQUE INDEX h_category_category_name_key ON dds.h_category (md5(category_name));
  CREATE TABLE dds.h_restaurant (
    h_restaurant_pk  uuid PRIMARY KEY,
    restaurant_id    text COLLATE "C" NOT NULL,
    load_dt          timestamptz NOT NULL DEFAULT now(),
    load_src         text NOT NULL,
    CONSTRAINT h_restaurant_restaurant_id_key UNIQUE (restaurant_id)
  );
  CREATE TABLE dds.h_order (
    h_order_pk  uuid PRIMARY KEY,
    order_id    bigint NOT NULL,
    order_dt    timestamp NOT NULL,
    load_dt     timestamptz NOT NULL DEFAULT now(),
    load_src    text NOT NULL,
    CONSTRAINT h_order_order_id_key UNIQUE (order_id)
  );

  COMMENT ON TABLE dds.h_user IS 'Hub of users';
  COMMENT ON COLUMN dds.h_user.h_user_pk IS 'Hash key of the user';
  COMMENT ON COLUMN dds.h_user.user_id IS 'Business key: id of the user at the source';
  COMMENT ON TABLE dds.h_product IS 'Hub of products: the dishes';
  COMMENT ON COLUMN dds.h_product.h_product_pk IS 'Hash key of the product';
  COMMENT ON COLUMN dds.h_product.product_id IS 'Business key: id of the dish at the source';
  COMMENT ON TABLE dds.h_category IS 'Hub of categories of dishes';
  COMMENT ON COLUMN dds.h_category.h_category_pk IS 'Hash key of the category';
  COMMENT ON COLUMN dds.h_category.category_name IS 'Business key: name of the category';
  COMMENT ON TABLE dds.h_restaurant IS 'Hub of restaurants';
  COMMENT ON COLUMN dds.h_restaurant.h_restaurant_pk IS 'Hash key of the restaurant';
  COMMENT ON COLUMN dds.h_restaurant.restaurant_id IS 'Business key: id of the restaurant at the source';
  COMMENT ON TABLE dds.h_order IS 'Hub of orders';
  COMMENT ON COLUMN dds.h_order.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.h_order.order_id IS 'Business key: id of the order at the source';
  COMMENT ON COLUMN dds.h_order.order_dt IS 'When the order was made, as in the version that was loaded first';
`;

const vaultLinks = /* sql */ `
  CREATE TABLE dds.l_order_product (
    hk_order_product_pk  uuid PRIMARY KEY,
    h_order_pk           uuid NOT NULL CONSTRAINT l_order_product_h_order_pk_fkey REFERENCES dds.h_order,
    h_product_pk         uuid NOT NULL CONSTRAINT l_order_product_h_product_pk_fkey REFERENCES dds.h_product,
    load_dt              timestamptz NOT NULL DEFAULT now(),
    load_src             text NOT NULL,
    CONSTRAINT l_order_product_key UNIQUE (h_order_pk, h_product_pk)
  );
  CREATE TABLE dds.l_product_restaurant (
    hk_product_restaurant_pk  uuid PRIMARY KEY,
    h_product_pk              uuid NOT NULL CONSTRAINT l_product_restaurant_h_product_pk_fkey REFERENCES dds.h_product,
    h_restaurant_pk           uuid NOT NULL CONSTRAINT l_product_restaurant_h_restaurant_pk_fkey REFERENCES dds.h_restaurant,
    load_dt                   timestamptz NOT NULL DEFAULT now(),
    load_src                  text NOT NULL,
    CONSTRAINT l_product_restaurant_key UNIQUE (h_product_pk, h_restaurant_pk)
  );
  CREATE TABLE dds.l_product_category (
    hk_product_category_pk  uuid PRIMARY KEY,
    h_product_pk            uuid NOT NULL CONSTRAINT l_product_category_h_product_pk_fkey REFERENCES dds.h_product,
    h_category_pk           uuid NOT NULL CONSTRAINT l_product_category_h_category_pk_fkey REFERENCES dds.h_category,
    load_dt                 timestamptz NOT NULL DEFAULT now(),
    load_src                text NOT NULL,
    CONSTRAINT l_product_category_key UNIQUE (h_product_pk, h_category_pk)
  );
  -- An order has one user and one restaurant for ever, hence one row an order in the next two.
  CREATE TABLE dds.l_order_user (
    hk_order_user_pk  uuid PRIMARY KEY,
    h_order_pk        uuid NOT NULL CONSTRAINT l_order_user_h_order_pk_fkey REFERENCES dds.h_order,
    h_user_pk         uuid NOT NULL CONSTRAINT l_order_user_h_user_pk_fkey REFERENCES dds.h_user,
    load_dt           timestamptz NOT NULL DEFAULT now(),
    load_src          text NOT NULL,
    CONSTRAINT l_order_user_h_order_pk_key UNIQUE (h_order_pk)
  );
  CREATE TABLE dds.l_order_restaurant (
    hk_order_restaurant_pk  uuid PRIMARY KEY,
    h_order_pk              uuid NOT NULL CONSTRAINT l_order_restaurant_h_order_pk_fkey REFERENCES dds.h_order,
    h_restaurant_pk         uuid NOT NULL CONSTRAINT l_order_restaurant_h_restaurant_pk_fkey REFERENCES dds.h_restaurant,
    load_dt                 timestamptz NOT NULL DEFAULT now(),
    load_src                text NOT NULL,
    CONSTRAINT l_order_restaurant_h_order_pk_key UNIQUE (h_order_pk)
  );

  COMMENT ON TABLE dds.l_order_product IS 'Link: a product was in some version of an order';
  COMMENT ON COLUMN dds.l_order_product.hk_order_product_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.l_order_product.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.l_order_product.h_product_pk IS 'Hash key of the product';
  COMMENT ON TABLE dds.l_product_restaurant IS 'Link: a product was ordered at a restaurant';
  COMMENT ON COLUMN dds.l_product_restaurant.hk_product_restaurant_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.l_product_restaurant.h_product_pk IS 'Hash key of the product';
  COMMENT ON COLUMN dds.l_product_restaurant.h_restaurant_pk IS 'Hash key of the restaurant';
  COMMENT ON TABLE dds.l_product_category IS 'Link: a menu listed a product under a category';
  COMMENT ON COLUMN dds.l_product_category.hk_product_category_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.l_product_category.h_product_pk IS 'Hash key of the product';
  COMMENT ON COLUMN dds.l_product_category.h_category_pk IS 'Hash key of the category';
  COMMENT ON TABLE dds.l_order_user IS 'Link: the user of an order; it never changes';
  COMMENT ON COLUMN dds.l_order_user.hk_order_user_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.l_order_user.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.l_order_user.h_user_pk IS 'Hash key of the user';
  COMMENT ON TABLE dds.l_order_restaurant IS 'Link: the restaurant of an order; it never changes';
  COMMENT ON COLUMN dds.l_order_restaurant.hk_order_restaurant_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.l_order_restaurant.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.l_order_restaurant.h_restaurant_pk IS 'Hash key of the restaurant';
`;

const vaultSatellites = /* sql */ `
  CREATE TABLE dds.s_user_names (
    h_user_pk               uuid NOT NULL CONSTRAINT s_user_names_h_user_pk_fkey REFERENCES dds.h_user,
    username                text NOT NULL,
    userlogin               text,
    valid_from              timestamp NOT NULL,
    hk_user_names_hashdiff  uuid NOT NULL,
    load_dt                 timestamptz NOT NULL DEFAULT now(),
    load_src                text NOT NULL,
    PRIMARY KEY (h_user_pk, valid_from, hk_user_names_hashdiff)
  );
  CREATE TABLE dds.s_product_names (
    h_product_pk               uuid NOT NULL CONSTRAINT s_product_names_h_product_pk_fkey REFERENCES dds.h_product,
    name                       text NOT NULL,
    valid_from                 timestamp NOT NULL,
    hk_product_names_hashdiff  uuid NOT NULL,
    load_dt                    timestamptz NOT NULL DEFAULT now(),
    load_src                   text NOT NULL,
    PRIMARY KEY (h_product_pk, valid_from, hk_product_names_hashdiff)
  );
  CREATE TABLE dds.s_restaurant_names (
    h_restaurant_pk               uuid NOT NULL CONSTRAINT s_restaurant_names_h_restaurant_pk_fkey REFERENCES dds.h_restaurant,
    name                          text NOT NULL,
    valid_from                    timestamp NOT NULL,
    hk_restaurant_names_hashdiff  uuid NOT NULL,
    load_dt                       timestamptz NOT NULL DEFAULT now(),
    load_src                      text NOT NULL,
    PRIMARY KEY (h_restaurant_pk, valid_from, hk_restaurant_names_hashdiff)
  );
  CREATE TABLE dds.s_product_category (
    hk_product_category_pk        uuid NOT NULL CONSTRAINT s_product_category_hk_product_category_pk_fkey REFERENCES dds.l_product_category,
    valid_from                    timestamp NOT NULL,
    hk_product_category_hashdiff  uuid NOT NULL,
    load_dt                       timestamptz NOT NULL DEFAULT now(),
    load_src                      text NOT NULL,
    PRIMARY KEY (hk_product_category_pk, valid_from, hk_product_category_hashdiff)
  );
  CREATE TABLE dds.s_order_status (
    h_order_pk                uuid NOT NULL CONSTRAINT s_order_status_h_order_pk_fkey REFERENCES dds.h_order,
    status                    text NOT NULL,
    valid_from                timestamp NOT NULL,
    hk_order_status_hashdiff  uuid NOT NULL,
    load_dt                   timestamptz NOT NULL DEFAULT now(),
    load_src                  text NOT NULL,
    PRIMARY KEY (h_order_pk, valid_from, hk_order_status_hashdiff)
  );
  CREATE TABLE dds.s_order_cost (
    h_order_pk              uuid NOT NULL CONSTRAINT s_order_cost_h_order_pk_fkey REFERENCES dds.h_order,
    order_version           text COLLATE "C" NOT NULL,
    cost                    numeric(19, 5) NOT NULL CONSTRAINT s_order_cost_cost_check CHECK (cost >= 0),
    payment                 numeric(19, 5) NOT NULL CONSTRAINT s_order_cost_payment_check CHECK (payment >= 0),
    valid_from              timestamp NOT NULL,
    hk_order_cost_hashdiff  uuid NOT NULL,
    load_dt                 timestamptz NOT NULL DEFAULT now(),
    load_src                text NOT NULL,
    PRIMARY KEY (h_order_pk, order_version)
  );
  CREATE TABLE dds.s_order_details (
    h_order_pk                 uuid NOT NULL CONSTRAINT s_order_details_h_order_pk_fkey REFERENCES dds.h_order,
    order_version              text COLLATE "C" NOT NULL,
    final_status               text NOT NULL,
    order_dt                   timestamp NOT NULL,
    sent_dttm                  timestamp NOT NULL,
    bonus_payment              numeric(19, 5) NOT NULL CONSTRAINT s_order_details_bonus_payment_check CHECK (bonus_payment >= 0),
    bonus_grant                numeric(19, 5) NOT NULL CONSTRAINT s_order_details_bonus_grant_check CHECK (bonus_grant >= 0),
    valid_from                 timestamp NOT NULL,
    hk_order_details_hashdiff  uuid NOT NULL,
    load_dt                    timestamptz NOT NULL DEFAULT now(),
    load_src                   text NOT NULL,
    PRIMARY KEY (h_order_pk, order_version)
  );
  CREATE TABLE dds.s_order_product (
    hk_order_product_pk        uuid NOT NULL CONSTRAINT s_order_product_hk_order_product_pk_fkey REFERENCES dds.l_order_product,
    order_version              text COLLATE "C" NOT NULL,
    line                       integer NOT NULL CONSTRAINT s_order_product_line_check CHECK (line >= 1),
    name                       text NOT NULL,
    price                      numeric(19, 5) NOT NULL CONSTRAINT s_order_product_price_check CHECK (price >= 0),
    quantity                   bigint NOT NULL CONSTRAINT s_order_product_quantity_check CHECK (quantity >= 1),
    category_name              text NOT NULL,
    valid_from                 timestamp NOT NULL,
    hk_order_product_hashdiff  uuid NOT NULL,
    load_dt                    timestamptz NOT NULL DEFAULT now(),
    load_src                   text NOT NULL,
    PRIMARY KEY (hk_order_product_pk, order_version, line)
  );

  COMMENT ON TABLE dds.s_user_names IS 'Satellite of h_user: names and logins through time';
  COMMENT ON COLUMN dds.s_user_names.h_user_pk IS 'Hash key of the user';
  COMMENT ON COLUMN dds.s_user_names.username IS 'Name of the user';
  COMMENT ON COLUMN dds.s_user_names.userlogin IS 'Login of the user, if the dictionary tells one';
  COMMENT ON COLUMN dds.s_user_names.valid_from IS 'Time of the dictionary entry';
  COMMENT ON COLUMN dds.s_user_names.hk_user_names_hashdiff IS 'Digest of username and userlogin';
  COMMENT ON TABLE dds.s_product_names IS 'Satellite of h_product: names in the menu through time';
  COMMENT ON COLUMN dds.s_product_names.h_product_pk IS 'Hash key of the product';
  COMMENT ON COLUMN dds.s_product_names.name IS 'Name of the dish in the menu';
  COMMENT ON COLUMN dds.s_product_names.valid_from IS 'Time of the dictionary entry with the menu';
  COMMENT ON COLUMN dds.s_product_names.hk_product_names_hashdiff IS 'Digest of the name';
  COMMENT ON TABLE dds.s_restaurant_names IS 'Satellite of h_restaurant: names through time';
  COMMENT ON COLUMN dds.s_restaurant_names.h_restaurant_pk IS 'Hash key of the restaurant';
  COMMENT ON COLUMN dds.s_restaurant_names.name IS 'Name of the restaurant';
  COMMENT ON COLUMN dds.s_restaurant_names.valid_from IS 'Time of the dictionary entry';
  COMMENT ON COLUMN dds.s_restaurant_names.hk_restaurant_names_hashdiff IS 'Digest of the name';
  COMMENT ON TABLE dds.s_product_category IS 'Satellite of l_product_category: when a menu said so';
  COMMENT ON COLUMN dds.s_product_category.hk_product_category_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.s_product_category.valid_from IS 'Time of the dictionary entry with the menu';
  COMMENT ON COLUMN dds.s_product_category.hk_product_category_hashdiff IS 'Digest of the category name';
  COMMENT ON TABLE dds.s_order_status IS 'Satellite of h_order: the history of statuses that the source tells';
  COMMENT ON COLUMN dds.s_order_status.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.s_order_status.status IS 'OPEN, COOKING, DELIVERING, CLOSED or CANCELLED';
  COMMENT ON COLUMN dds.s_order_status.valid_from IS 'When the order took the status at the source';
  COMMENT ON COLUMN dds.s_order_status.hk_order_status_hashdiff IS 'Digest of the status';
  COMMENT ON TABLE dds.s_order_cost IS 'Satellite of h_order: money, one row per order version';
  COMMENT ON COLUMN dds.s_order_cost.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.s_order_cost.order_version IS 'The order version';
  COMMENT ON COLUMN dds.s_order_cost.cost IS 'Cost of the order';
  COMMENT ON COLUMN dds.s_order_cost.payment IS 'What the user paid';
  COMMENT ON COLUMN dds.s_order_cost.valid_from IS 'update_ts of the version';
  COMMENT ON COLUMN dds.s_order_cost.hk_order_cost_hashdiff IS 'Digest of cost and payment';
  COMMENT ON TABLE dds.s_order_details IS 'Satellite of h_order: the rest of an order, one row per order version';
  COMMENT ON COLUMN dds.s_order_details.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.s_order_details.order_version IS 'The order version';
  COMMENT ON COLUMN dds.s_order_details.final_status IS 'Status of the order in this version';
  COMMENT ON COLUMN dds.s_order_details.order_dt IS 'When the order was made, as this version tells';
  COMMENT ON COLUMN dds.s_order_details.sent_dttm IS 'When the source sent the version';
  COMMENT ON COLUMN dds.s_order_details.bonus_payment IS 'Paid with bonuses';
  COMMENT ON COLUMN dds.s_order_details.bonus_grant IS 'Bonuses granted';
  COMMENT ON COLUMN dds.s_order_details.valid_from IS 'update_ts of the version';
  COMMENT ON COLUMN dds.s_order_details.hk_order_details_hashdiff IS 'Digest of final_status, order_dt, sent_dttm, bonus_payment and bonus_grant';
  COMMENT ON TABLE dds.s_order_product IS 'Multi-active satellite of l_order_product: the lines of an order, one row per order version and line';
  COMMENT ON COLUMN dds.s_order_product.hk_order_product_pk IS 'Hash key of the link';
  COMMENT ON COLUMN dds.s_order_product.order_version IS 'The order version';
  COMMENT ON COLUMN dds.s_order_product.line IS 'Place of the line in the order, from 1';
  COMMENT ON COLUMN dds.s_order_product.name IS 'Name of the dish as ordered';
  COMMENT ON COLUMN dds.s_order_product.price IS 'Price of one';
  COMMENT ON COLUMN dds.s_order_product.quantity IS 'How many';
  COMMENT ON COLUMN dds.s_order_product.category_name IS 'Category that the version was enriched with';
  COMMENT ON COLUMN dds.s_order_product.valid_from IS 'update_ts of the version';
  COMMENT ON COLUMN dds.s_order_product.hk_order_product_hashdiff IS 'Digest of name, price, quantity and category_name';

  DO $$
  DECLARE vault_table record;
  BEGIN
    FOR vault_table IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'dds'::regnamespace AND c.relkind = 'r' LOOP
      EXECUTE format('COMMENT ON COLUMN %s.load_dt IS %L', vault_table.name, 'When the row was loaded');
      EXECUTE format('COMMENT ON COLUMN %s.load_src IS %L', vault_table.name, 'Record source: the topic that the row came from');
    END LOOP;
  END $$;
`;

/** A row is current if its parent has no newer one. Said this way, not with DISTINCT ON, a look-up by any column reads a few rows only. */
const vaultViews = /* sql */ `
  CREATE VIEW dds.order_current AS
    SELECT
      details.h_order_pk, h_order.order_id, details.order_version, details.final_status, details.order_dt, details.sent_dttm,
      details.valid_from, cost.cost, cost.payment, details.bonus_payment, details.bonus_grant,
      l_order_user.h_user_pk, l_order_restaurant.h_restaurant_pk
    FROM dds.s_order_details details
    JOIN dds.s_order_cost cost USING (h_order_pk, order_version)
    JOIN dds.h_order USING (h_order_pk)
    JOIN dds.l_order_user USING (h_order_pk)
    JOIN dds.l_order_restaurant USING (h_order_pk)
    WHERE NOT EXISTS (
      SELECT FROM dds.s_order_details newer
      WHERE newer.h_order_pk = details.h_order_pk AND newer.order_version > details.order_version
    );
  COMMENT ON VIEW dds.order_current IS 'The newest version of every order';
  COMMENT ON COLUMN dds.order_current.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.order_current.order_id IS 'Id of the order at the source';
  COMMENT ON COLUMN dds.order_current.order_version IS 'The newest version';
  COMMENT ON COLUMN dds.order_current.final_status IS 'Status of the order';
  COMMENT ON COLUMN dds.order_current.order_dt IS 'When the order was made';
  COMMENT ON COLUMN dds.order_current.sent_dttm IS 'When the source sent the version';
  COMMENT ON COLUMN dds.order_current.valid_from IS 'update_ts of the version';
  COMMENT ON COLUMN dds.order_current.cost IS 'Cost of the order';
  COMMENT ON COLUMN dds.order_current.payment IS 'What the user paid';
  COMMENT ON COLUMN dds.order_current.bonus_payment IS 'Paid with bonuses';
  COMMENT ON COLUMN dds.order_current.bonus_grant IS 'Bonuses granted';
  COMMENT ON COLUMN dds.order_current.h_user_pk IS 'Hash key of the user';
  COMMENT ON COLUMN dds.order_current.h_restaurant_pk IS 'Hash key of the restaurant';

  CREATE VIEW dds.order_line_current AS
    SELECT
      order_current.h_order_pk, order_current.order_id, order_current.order_version, lines.line, l_order_product.h_product_pk,
      lines.name, lines.price, lines.quantity, lines.category_name
    FROM dds.order_current
    JOIN dds.l_order_product ON l_order_product.h_order_pk = order_current.h_order_pk
    JOIN dds.s_order_product lines
      ON lines.hk_order_product_pk = l_order_product.hk_order_product_pk AND lines.order_version = order_current.order_version;
  COMMENT ON VIEW dds.order_line_current IS 'The lines of the newest version of every order';
  COMMENT ON COLUMN dds.order_line_current.h_order_pk IS 'Hash key of the order';
  COMMENT ON COLUMN dds.order_line_current.order_id IS 'Id of the order at the source';
  COMMENT ON COLUMN dds.order_line_current.order_version IS 'The newest version of the order';
  COMMENT ON COLUMN dds.order_line_current.line IS 'Place of the line in the order, from 1';
  COMMENT ON COLUMN dds.order_line_current.h_product_pk IS 'Hash key of the product';
  COMMENT ON COLUMN dds.order_line_current.name IS 'Name of the dish as ordered';
  COMMENT ON COLUMN dds.order_line_current.price IS 'Price of one';
  COMMENT ON COLUMN dds.order_line_current.quantity IS 'How many';
  COMMENT ON COLUMN dds.order_line_current.category_name IS 'Category that the version was enriched with';

  CREATE VIEW dds.user_current AS
    SELECT h_user_pk, h_user.user_id, names.username, names.userlogin, names.valid_from
    FROM dds.h_user
    JOIN dds.s_user_names names USING (h_user_pk)
    WHERE NOT EXISTS (
      SELECT FROM dds.s_user_names newer
      WHERE newer.h_user_pk = names.h_user_pk
        AND (newer.valid_from, newer.hk_user_names_hashdiff) > (names.valid_from, names.hk_user_names_hashdiff)
    );
  COMMENT ON VIEW dds.user_current IS 'The newest name and login of every user';
  COMMENT ON COLUMN dds.user_current.h_user_pk IS 'Hash key of the user';
  COMMENT ON COLUMN dds.user_current.user_id IS 'Id of the user at the source';
  COMMENT ON COLUMN dds.user_current.username IS 'Newest name of the user';
  COMMENT ON COLUMN dds.user_current.userlogin IS 'Login in the same dictionary entry, if it tells one';
  COMMENT ON COLUMN dds.user_current.valid_from IS 'Time of that dictionary entry';

  CREATE VIEW dds.product_current AS
    SELECT h_product_pk, h_product.product_id, names.name, names.valid_from, h_category_pk, h_category.category_name
    FROM dds.h_product
    JOIN dds.s_product_names names USING (h_product_pk)
    JOIN dds.l_product_category link USING (h_product_pk)
    JOIN dds.s_product_category said USING (hk_product_category_pk)
    JOIN dds.h_category USING (h_category_pk)
    WHERE NOT EXISTS (
      SELECT FROM dds.s_product_names newer
      WHERE newer.h_product_pk = names.h_product_pk
        AND (newer.valid_from, newer.hk_product_names_hashdiff) > (names.valid_from, names.hk_product_names_hashdiff)
    ) AND NOT EXISTS (
      SELECT FROM dds.l_product_category newer_link
      JOIN dds.s_product_category newer USING (hk_product_category_pk)
      WHERE newer_link.h_product_pk = link.h_product_pk
        AND (newer.valid_from, newer.hk_product_category_hashdiff) > (said.valid_from, said.hk_product_category_hashdiff)
    );
  COMMENT ON VIEW dds.product_current IS 'The newest name and category of every product';
  COMMENT ON COLUMN dds.product_current.h_product_pk IS 'Hash key of the product';
  COMMENT ON COLUMN dds.product_current.product_id IS 'Id of the dish at the source';
  COMMENT ON COLUMN dds.product_current.name IS 'Newest name of the dish in a menu';
  COMMENT ON COLUMN dds.product_current.valid_from IS 'Time of the dictionary entry that tells the name';
  COMMENT ON COLUMN dds.product_current.h_category_pk IS 'Hash key of the newest category';
  COMMENT ON COLUMN dds.product_current.category_name IS 'Name of the newest category';

  CREATE VIEW dds.restaurant_current AS
    SELECT h_restaurant_pk, h_restaurant.restaurant_id, names.name, names.valid_from
    FROM dds.h_restaurant
    JOIN dds.s_restaurant_names names USING (h_restaurant_pk)
    WHERE NOT EXISTS (
      SELECT FROM dds.s_restaurant_names newer
      WHERE newer.h_restaurant_pk = names.h_restaurant_pk
        AND (newer.valid_from, newer.hk_restaurant_names_hashdiff) > (names.valid_from, names.hk_restaurant_names_hashdiff)
    );
  COMMENT ON VIEW dds.restaurant_current IS 'The newest name of every restaurant';
  COMMENT ON COLUMN dds.restaurant_current.h_restaurant_pk IS 'Hash key of the restaurant';
  COMMENT ON COLUMN dds.restaurant_current.restaurant_id IS 'Id of the restaurant at the source';
  COMMENT ON COLUMN dds.restaurant_current.name IS 'Newest name of the restaurant';
  COMMENT ON COLUMN dds.restaurant_current.valid_from IS 'Time of the dictionary entry that tells the name';
`;

const marts = /* sql */ `
  CREATE SCHEMA cdm;
  COMMENT ON SCHEMA cdm IS 'Data marts: counters, tags and the ledger that makes them exact';

  CREATE TABLE cdm.users (
    user_id           uuid PRIMARY KEY,
    source_user_id    text COLLATE "C" NOT NULL,
    closed_order_cnt  integer NOT NULL DEFAULT 0 CONSTRAINT users_closed_order_cnt_check CHECK (closed_order_cnt >= 0),
    load_dt           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_source_user_id_key UNIQUE (source_user_id)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE cdm.users IS 'Users with orders: the row that whoever changes ledger, counters or tags of a user locks first';
  COMMENT ON COLUMN cdm.users.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.users.source_user_id IS 'Id of the user at the source';
  COMMENT ON COLUMN cdm.users.closed_order_cnt IS 'Distinct CLOSED orders of the user';
  COMMENT ON COLUMN cdm.users.load_dt IS 'When the row was loaded';

  CREATE FUNCTION cdm.current_change() RETURNS bigint LANGUAGE sql AS 'SELECT pg_current_xact_id()::text::bigint';
  COMMENT ON FUNCTION cdm.current_change IS 'Number of the transaction, as the ledger keeps it';

  CREATE TABLE cdm.order_versions (
    order_id       uuid PRIMARY KEY,
    object_id      bigint NOT NULL,
    order_version  text COLLATE "C" NOT NULL,
    user_id        uuid NOT NULL,
    restaurant_id  uuid NOT NULL,
    status         text NOT NULL,
    order_dt       timestamp NOT NULL,
    cost           numeric(19, 5) NOT NULL,
    payment        numeric(19, 5) NOT NULL,
    product_ids    uuid[] NOT NULL,
    category_ids   uuid[] NOT NULL,
    change_id      bigint NOT NULL DEFAULT cdm.current_change(),
    load_dt        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT order_versions_object_id_key UNIQUE (object_id),
    CONSTRAINT order_versions_pairs_check CHECK (cardinality(product_ids) = cardinality(category_ids))
  );
  COMMENT ON TABLE cdm.order_versions IS 'What the marts hold of each order: the ledger that makes counting exact';
  COMMENT ON COLUMN cdm.order_versions.order_id IS 'Hash key of the order';
  COMMENT ON COLUMN cdm.order_versions.object_id IS 'Id of the order at the source';
  COMMENT ON COLUMN cdm.order_versions.order_version IS 'The newest version of the order that the marts have seen';
  COMMENT ON COLUMN cdm.order_versions.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.order_versions.restaurant_id IS 'Hash key of the restaurant';
  COMMENT ON COLUMN cdm.order_versions.status IS 'Status of the order; only CLOSED orders are counted';
  COMMENT ON COLUMN cdm.order_versions.order_dt IS 'When the order was made, in the source''s time zone';
  COMMENT ON COLUMN cdm.order_versions.cost IS 'Cost of the order';
  COMMENT ON COLUMN cdm.order_versions.payment IS 'What the user paid';
  COMMENT ON COLUMN cdm.order_versions.product_ids IS 'Hash keys of the products, each once';
  COMMENT ON COLUMN cdm.order_versions.category_ids IS 'Hash key of the category of the product at the same place in product_ids';
  COMMENT ON COLUMN cdm.order_versions.change_id IS 'Transaction that wrote the row: who keeps a copy of the ledger finds by it what is new';
  COMMENT ON COLUMN cdm.order_versions.load_dt IS 'When the row was loaded';

  CREATE INDEX order_versions_user ON cdm.order_versions (user_id, order_dt);
  CREATE INDEX order_versions_change ON cdm.order_versions (change_id);
  CREATE INDEX order_versions_time ON cdm.order_versions (order_dt);
  CREATE INDEX order_versions_restaurant ON cdm.order_versions (restaurant_id, order_dt);

  -- Counters change in place: half-empty pages keep the changes within a page and out of the indexes (HOT).
  CREATE TABLE cdm.user_product_counters (
    id            bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    user_id       uuid NOT NULL,
    product_id    uuid NOT NULL,
    product_name  text NOT NULL,
    order_cnt     integer NOT NULL CONSTRAINT user_product_counters_order_cnt_check CHECK (order_cnt > 0),
    CONSTRAINT user_product_counters_key UNIQUE (product_id, user_id)
  ) WITH (fillfactor = 50);
  CREATE TABLE cdm.user_category_counters (
    id             bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    user_id        uuid NOT NULL,
    category_id    uuid NOT NULL,
    category_name  text NOT NULL,
    order_cnt      integer NOT NULL CONSTRAINT user_category_counters_order_cnt_check CHECK (order_cnt > 0),
    CONSTRAINT user_category_counters_key UNIQUE (user_id, category_id)
  ) WITH (fillfactor = 50);
  CREATE TABLE cdm.restaurant_category_counters (
    id               bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    restaurant_id    uuid NOT NULL,
    restaurant_name  text NOT NULL,
    category_id      uuid NOT NULL,
    category_name    text NOT NULL,
    order_cnt        integer NOT NULL CONSTRAINT restaurant_category_counters_order_cnt_check CHECK (order_cnt > 0),
    CONSTRAINT restaurant_category_counters_key UNIQUE (restaurant_id, category_id)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE cdm.user_product_counters IS 'How many distinct CLOSED orders of a user contain a product';
  COMMENT ON COLUMN cdm.user_product_counters.id IS 'Number of the row';
  COMMENT ON COLUMN cdm.user_product_counters.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.user_product_counters.product_id IS 'Hash key of the product';
  COMMENT ON COLUMN cdm.user_product_counters.product_name IS 'Newest name of the product';
  COMMENT ON COLUMN cdm.user_product_counters.order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON TABLE cdm.user_category_counters IS 'How many distinct CLOSED orders of a user contain a product of a category';
  COMMENT ON COLUMN cdm.user_category_counters.id IS 'Number of the row';
  COMMENT ON COLUMN cdm.user_category_counters.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.user_category_counters.category_id IS 'Hash key of the category';
  COMMENT ON COLUMN cdm.user_category_counters.category_name IS 'Name of the category';
  COMMENT ON COLUMN cdm.user_category_counters.order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON TABLE cdm.restaurant_category_counters IS 'How many distinct CLOSED orders at a restaurant contain a product of a category';
  COMMENT ON COLUMN cdm.restaurant_category_counters.id IS 'Number of the row';
  COMMENT ON COLUMN cdm.restaurant_category_counters.restaurant_id IS 'Hash key of the restaurant';
  COMMENT ON COLUMN cdm.restaurant_category_counters.restaurant_name IS 'Newest name of the restaurant';
  COMMENT ON COLUMN cdm.restaurant_category_counters.category_id IS 'Hash key of the category';
  COMMENT ON COLUMN cdm.restaurant_category_counters.category_name IS 'Name of the category';
  COMMENT ON COLUMN cdm.restaurant_category_counters.order_cnt IS 'Distinct CLOSED orders';

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
  COMMENT ON TABLE cdm.category_popularity IS 'How many distinct CLOSED orders, and users of such, have a product of a category';
  COMMENT ON COLUMN cdm.category_popularity.category_id IS 'Hash key of the category';
  COMMENT ON COLUMN cdm.category_popularity.category_name IS 'Name of the category';
  COMMENT ON COLUMN cdm.category_popularity.order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON COLUMN cdm.category_popularity.user_cnt IS 'Distinct users of these orders';
  COMMENT ON TABLE cdm.product_popularity IS 'How many distinct CLOSED orders, and users of such, have a product';
  COMMENT ON COLUMN cdm.product_popularity.product_id IS 'Hash key of the product';
  COMMENT ON COLUMN cdm.product_popularity.order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON COLUMN cdm.product_popularity.user_cnt IS 'Distinct users of these orders';
  COMMENT ON TABLE cdm.daily_sales IS 'Orders and money of a restaurant on a day';
  COMMENT ON COLUMN cdm.daily_sales.day IS 'Day on which the orders were made, in the source''s time zone';
  COMMENT ON COLUMN cdm.daily_sales.restaurant_id IS 'Hash key of the restaurant';
  COMMENT ON COLUMN cdm.daily_sales.order_cnt IS 'Distinct orders, whatever their status';
  COMMENT ON COLUMN cdm.daily_sales.closed_order_cnt IS 'Distinct CLOSED orders';
  COMMENT ON COLUMN cdm.daily_sales.cost IS 'Cost of the CLOSED orders';
  COMMENT ON COLUMN cdm.daily_sales.payment IS 'What was paid for the CLOSED orders';

  CREATE TABLE cdm.counted_batches (
    partition   integer PRIMARY KEY,
    batch_cnt   bigint NOT NULL,
    counted_at  timestamptz NOT NULL
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE cdm.counted_batches IS 'How often the marts have changed by orders: who keeps an answer knows by it whether the answer still holds';
  COMMENT ON COLUMN cdm.counted_batches.partition IS 'Partition of the topic that the orders came from';
  COMMENT ON COLUMN cdm.counted_batches.batch_cnt IS 'Batches of it that changed the ledger';
  COMMENT ON COLUMN cdm.counted_batches.counted_at IS 'When the last of them was counted';

  CREATE TABLE cdm.product_names (
    product_id    uuid PRIMARY KEY,
    product_name  text COLLATE "C" NOT NULL,
    valid_from    timestamp NOT NULL,
    spreading     boolean NOT NULL DEFAULT false
  );
  CREATE TABLE cdm.restaurant_names (
    restaurant_id    uuid PRIMARY KEY,
    restaurant_name  text COLLATE "C" NOT NULL,
    valid_from       timestamp NOT NULL,
    spreading        boolean NOT NULL DEFAULT false
  );
  CREATE INDEX product_names_spreading ON cdm.product_names (product_id) WHERE spreading;
  CREATE INDEX restaurant_names_spreading ON cdm.restaurant_names (restaurant_id) WHERE spreading;
  COMMENT ON TABLE cdm.product_names IS 'The newest name of every product';
  COMMENT ON COLUMN cdm.product_names.product_id IS 'Hash key of the product';
  COMMENT ON COLUMN cdm.product_names.product_name IS 'Name of the dish, newest by dictionary time, then the greater name';
  COMMENT ON COLUMN cdm.product_names.valid_from IS 'Time of the dictionary entry that tells the name';
  COMMENT ON COLUMN cdm.product_names.spreading IS 'Whether counters may still show an older name';
  COMMENT ON TABLE cdm.restaurant_names IS 'The newest name of every restaurant';
  COMMENT ON COLUMN cdm.restaurant_names.restaurant_id IS 'Hash key of the restaurant';
  COMMENT ON COLUMN cdm.restaurant_names.restaurant_name IS 'Name of the restaurant, newest by dictionary time, then the greater name';
  COMMENT ON COLUMN cdm.restaurant_names.valid_from IS 'Time of the dictionary entry that tells the name';
  COMMENT ON COLUMN cdm.restaurant_names.spreading IS 'Whether counters may still show an older name';
`;

const tags = /* sql */ `
  CREATE TABLE cdm.tag_rules (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tag              text NOT NULL CONSTRAINT tag_rules_tag_check CHECK (tag <> '' AND length(tag) <= 200),
    category         text,
    product_id       text,
    product_pattern  text CONSTRAINT tag_rules_product_pattern_check CHECK (product_pattern <> ''),
    restaurant_id    text,
    min_orders       integer NOT NULL CONSTRAINT tag_rules_min_orders_check CHECK (min_orders > 0),
    window_days      integer CONSTRAINT tag_rules_window_days_check CHECK (window_days BETWEEN 1 AND 36500),
    enabled          boolean NOT NULL DEFAULT true,
    created_by       text NOT NULL DEFAULT CURRENT_USER,
    created_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tag_rules_match_check CHECK (num_nonnulls(category, product_id, product_pattern, restaurant_id) = 1)
  );
  COMMENT ON TABLE cdm.tag_rules IS 'Which guests get which tag';
  COMMENT ON COLUMN cdm.tag_rules.id IS 'Id of the rule';
  COMMENT ON COLUMN cdm.tag_rules.tag IS 'The tag that the rule gives';
  COMMENT ON COLUMN cdm.tag_rules.category IS 'Counts orders with this category: its name or hash key';
  COMMENT ON COLUMN cdm.tag_rules.product_id IS 'Counts orders with this dish: its source id or hash key';
  COMMENT ON COLUMN cdm.tag_rules.product_pattern IS 'Counts orders with a dish whose newest name contains this text';
  COMMENT ON COLUMN cdm.tag_rules.restaurant_id IS 'Counts orders at this restaurant: its source id or hash key';
  COMMENT ON COLUMN cdm.tag_rules.min_orders IS 'How many distinct CLOSED orders give the tag';
  COMMENT ON COLUMN cdm.tag_rules.window_days IS 'Only orders of the last days count; empty: ever';
  COMMENT ON COLUMN cdm.tag_rules.enabled IS 'Whether the rule is in force';
  COMMENT ON COLUMN cdm.tag_rules.created_by IS 'Who created the rule';
  COMMENT ON COLUMN cdm.tag_rules.created_at IS 'When the rule was created';

  CREATE TABLE cdm.tag_evaluations (
    id          bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    rule_id     uuid,
    product_id  uuid,
    last_user   uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tag_evaluations_subject_check CHECK (num_nonnulls(rule_id, product_id) = 1)
  );
  COMMENT ON TABLE cdm.tag_evaluations IS 'Work of the background: rules that changed and dishes whose name did, to be evaluated for all users';
  COMMENT ON COLUMN cdm.tag_evaluations.id IS 'Number of the row';
  COMMENT ON COLUMN cdm.tag_evaluations.rule_id IS 'The rule that was added, changed, enabled, disabled or deleted';
  COMMENT ON COLUMN cdm.tag_evaluations.product_id IS 'The dish that patterns may match now, or no longer';
  COMMENT ON COLUMN cdm.tag_evaluations.last_user IS 'The last user that is done, in the order of keys; empty: none yet';
  COMMENT ON COLUMN cdm.tag_evaluations.created_at IS 'When the change was made';

  -- Also a rule that is changed by hand is evaluated.
  CREATE FUNCTION cdm.evaluate_tag_rule() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO cdm.tag_evaluations (rule_id)
      SELECT DISTINCT id FROM unnest(ARRAY[OLD.id, NEW.id]) AS id WHERE id IS NOT NULL;
      RETURN NULL;
    END
  $$;
  CREATE TRIGGER tag_rules_come_or_go AFTER INSERT OR DELETE ON cdm.tag_rules
    FOR EACH ROW EXECUTE FUNCTION cdm.evaluate_tag_rule();
  CREATE TRIGGER tag_rules_change AFTER UPDATE ON cdm.tag_rules
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION cdm.evaluate_tag_rule();

  CREATE TABLE cdm.tag_rule_products (
    rule_id     uuid NOT NULL,
    product_id  uuid NOT NULL,
    PRIMARY KEY (rule_id, product_id)
  );
  COMMENT ON TABLE cdm.tag_rule_products IS 'The dishes that a pattern stands for at present';
  COMMENT ON COLUMN cdm.tag_rule_products.rule_id IS 'The rule with the pattern';
  COMMENT ON COLUMN cdm.tag_rule_products.product_id IS 'Hash key of a product whose newest name matches';

  CREATE TABLE cdm.tag_rule_counts (
    user_id    uuid NOT NULL,
    rule_id    uuid NOT NULL,
    order_cnt  integer NOT NULL CONSTRAINT tag_rule_counts_order_cnt_check CHECK (order_cnt > 0),
    until      timestamp,
    PRIMARY KEY (user_id, rule_id)
  ) WITH (fillfactor = 50);
  CREATE INDEX tag_rule_counts_until ON cdm.tag_rule_counts (until) WHERE until IS NOT NULL;
  COMMENT ON TABLE cdm.tag_rule_counts IS 'How many orders of a user match a rule; of a rule with a window only where it holds';
  COMMENT ON COLUMN cdm.tag_rule_counts.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.tag_rule_counts.rule_id IS 'The rule';
  COMMENT ON COLUMN cdm.tag_rule_counts.order_cnt IS 'Distinct CLOSED orders that match; with a window, those inside when it was counted last';
  COMMENT ON COLUMN cdm.tag_rule_counts.until IS 'With a window: when too few are left inside unless orders change, in the time zone of the source';

  CREATE TABLE cdm.user_tags (
    user_id    uuid NOT NULL CONSTRAINT user_tags_user_id_fkey REFERENCES cdm.users,
    tag        text NOT NULL,
    order_cnt  integer NOT NULL CONSTRAINT user_tags_order_cnt_check CHECK (order_cnt > 0),
    since      timestamptz NOT NULL,
    PRIMARY KEY (user_id, tag)
  );
  CREATE INDEX user_tags_tag ON cdm.user_tags (tag, user_id);
  COMMENT ON TABLE cdm.user_tags IS 'The tags that users hold';
  COMMENT ON COLUMN cdm.user_tags.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.user_tags.tag IS 'The tag';
  COMMENT ON COLUMN cdm.user_tags.order_cnt IS 'Distinct CLOSED orders that gave the tag';
  COMMENT ON COLUMN cdm.user_tags.since IS 'When the tag was assigned';

  CREATE TABLE cdm.user_tag_events (
    event_id        uuid PRIMARY KEY,
    user_id         uuid NOT NULL CONSTRAINT user_tag_events_user_id_fkey REFERENCES cdm.users,
    event_number    bigint NOT NULL,
    event           text NOT NULL CONSTRAINT user_tag_events_event_check CHECK (event IN ('assigned', 'revoked')),
    source_user_id  text COLLATE "C" NOT NULL,
    tag             text NOT NULL,
    order_cnt       integer NOT NULL,
    at              timestamptz NOT NULL,
    published_at    timestamptz,
    CONSTRAINT user_tag_events_number_key UNIQUE (user_id, event_number)
  );
  CREATE INDEX user_tag_events_unpublished ON cdm.user_tag_events (user_id, event_number) WHERE published_at IS NULL;
  COMMENT ON TABLE cdm.user_tag_events IS 'Every assignment and revocation of a tag, in order per user';
  COMMENT ON COLUMN cdm.user_tag_events.event_id IS 'UUID version 5 over user and number';
  COMMENT ON COLUMN cdm.user_tag_events.user_id IS 'Hash key of the user';
  COMMENT ON COLUMN cdm.user_tag_events.event_number IS 'Number of the event among the user''s, from 1';
  COMMENT ON COLUMN cdm.user_tag_events.event IS 'assigned or revoked';
  COMMENT ON COLUMN cdm.user_tag_events.source_user_id IS 'Id of the user at the source';
  COMMENT ON COLUMN cdm.user_tag_events.tag IS 'The tag';
  COMMENT ON COLUMN cdm.user_tag_events.order_cnt IS 'Distinct CLOSED orders at that moment';
  COMMENT ON COLUMN cdm.user_tag_events.at IS 'When it happened';
  COMMENT ON COLUMN cdm.user_tag_events.published_at IS 'When the broker acknowledged the event; empty: not yet';
`;

/** Each service writes here about itself alone. */
const pipeline = /* sql */ `
  CREATE SCHEMA pipeline;
  COMMENT ON SCHEMA pipeline IS 'What the services tell of their own state';

  CREATE TABLE pipeline.service_states (
    service               text NOT NULL,
    instance              uuid NOT NULL,
    source_topic          text NOT NULL,
    consumer_group        text NOT NULL,
    dead_letter_topic     text NOT NULL,
    messages_per_second   numeric(12, 1) NOT NULL,
    last_message_sent_at  timestamptz,
    last_message_delay    numeric(12, 3),
    parked                jsonb NOT NULL,
    newest_object_id      bigint,
    newest_order_version  text COLLATE "C",
    newest_at             timestamptz,
    seen_at               timestamptz NOT NULL,
    PRIMARY KEY (service, instance)
  );
  COMMENT ON TABLE pipeline.service_states IS 'What each process of a service told of itself last';
  COMMENT ON COLUMN pipeline.service_states.service IS 'stg, dds or cdm';
  COMMENT ON COLUMN pipeline.service_states.instance IS 'Id of the process, new with each start';
  COMMENT ON COLUMN pipeline.service_states.source_topic IS 'Topic that it reads';
  COMMENT ON COLUMN pipeline.service_states.consumer_group IS 'Group as which it reads';
  COMMENT ON COLUMN pipeline.service_states.dead_letter_topic IS 'Topic of its dead letters';
  COMMENT ON COLUMN pipeline.service_states.messages_per_second IS 'Messages finished a second, over the last 10 seconds or so';
  COMMENT ON COLUMN pipeline.service_states.last_message_sent_at IS 'When the message that it finished last had been sent to the topic';
  COMMENT ON COLUMN pipeline.service_states.last_message_delay IS 'How many seconds after that it was finished';
  COMMENT ON COLUMN pipeline.service_states.parked IS 'Orders that wait, by what they miss: a list of {missing: user, restaurant or dish, orders}';
  COMMENT ON COLUMN pipeline.service_states.newest_object_id IS 'Order of the newest version that it has stored';
  COMMENT ON COLUMN pipeline.service_states.newest_order_version IS 'The newest version that it has stored';
  COMMENT ON COLUMN pipeline.service_states.newest_at IS 'When it stored that version';
  COMMENT ON COLUMN pipeline.service_states.seen_at IS 'When it told all this';

  CREATE TABLE pipeline.dead_letters (
    service   text NOT NULL,
    reason    text NOT NULL,
    messages  bigint NOT NULL,
    PRIMARY KEY (service, reason)
  );
  COMMENT ON TABLE pipeline.dead_letters IS 'Dead letters that the services told of; those of the last seconds before a crash may be missing, the topics have all';
  COMMENT ON COLUMN pipeline.dead_letters.service IS 'stg, dds or cdm';
  COMMENT ON COLUMN pipeline.dead_letters.reason IS 'Why the messages were refused';
  COMMENT ON COLUMN pipeline.dead_letters.messages IS 'Dead letters with this reason';
`;

/** Read by tools for reports, with plain names. Comments are in both languages, since these tools show them. */
const report = /* sql */ `
  CREATE SCHEMA report;
  COMMENT ON SCHEMA report IS 'Витрины для отчётов, без персональных данных / Views for reports, without personal data';

  CREATE VIEW report.category_popularity AS
    SELECT category_id, category_name AS category, order_cnt AS orders, user_cnt AS users,
      round(order_cnt / (SELECT sum(closed_order_cnt) FROM cdm.daily_sales)::numeric, 6) AS share_of_orders,
      round(user_cnt / (SELECT count(*) FROM cdm.users WHERE closed_order_cnt > 0)::numeric, 6) AS share_of_users
    FROM cdm.category_popularity;
  COMMENT ON VIEW report.category_popularity IS 'Популярность категорий за всё время / Popularity of categories, all time';
  COMMENT ON COLUMN report.category_popularity.category_id IS 'Ключ категории / Key of the category';
  COMMENT ON COLUMN report.category_popularity.category IS 'Категория / Category';
  COMMENT ON COLUMN report.category_popularity.orders IS 'Закрытые заказы с этой категорией / Closed orders with the category';
  COMMENT ON COLUMN report.category_popularity.users IS 'Гости с такими заказами / Guests with such orders';
  COMMENT ON COLUMN report.category_popularity.share_of_orders IS 'Доля от всех закрытых заказов, от 0 до 1 / Share of all closed orders, from 0 to 1';
  COMMENT ON COLUMN report.category_popularity.share_of_users IS 'Доля от всех гостей с закрытыми заказами, от 0 до 1 / Share of all guests with closed orders, from 0 to 1';

  CREATE VIEW report.dish_popularity AS
    SELECT product_id AS dish_id, product_name AS dish, order_cnt AS orders, user_cnt AS users,
      round(order_cnt / (SELECT sum(closed_order_cnt) FROM cdm.daily_sales)::numeric, 6) AS share_of_orders,
      round(user_cnt / (SELECT count(*) FROM cdm.users WHERE closed_order_cnt > 0)::numeric, 6) AS share_of_users
    FROM cdm.product_popularity JOIN cdm.product_names USING (product_id);
  COMMENT ON VIEW report.dish_popularity IS 'Популярность блюд за всё время / Popularity of dishes, all time';
  COMMENT ON COLUMN report.dish_popularity.dish_id IS 'Ключ блюда / Key of the dish';
  COMMENT ON COLUMN report.dish_popularity.dish IS 'Новейшее название блюда; у разных блюд оно бывает одинаковым / Newest name of the dish; different dishes may share it';
  COMMENT ON COLUMN report.dish_popularity.orders IS 'Закрытые заказы с этим блюдом / Closed orders with the dish';
  COMMENT ON COLUMN report.dish_popularity.users IS 'Гости с такими заказами / Guests with such orders';
  COMMENT ON COLUMN report.dish_popularity.share_of_orders IS 'Доля от всех закрытых заказов, от 0 до 1 / Share of all closed orders, from 0 to 1';
  COMMENT ON COLUMN report.dish_popularity.share_of_users IS 'Доля от всех гостей с закрытыми заказами, от 0 до 1 / Share of all guests with closed orders, from 0 to 1';

  CREATE VIEW report.restaurant_popularity AS
    SELECT restaurant_id, restaurant_name AS restaurant, sum(order_cnt)::integer AS orders,
      sum(closed_order_cnt)::integer AS closed_orders, sum(payment) AS revenue,
      round(sum(cost) / nullif(sum(closed_order_cnt), 0), 2) AS average_bill
    FROM cdm.daily_sales JOIN cdm.restaurant_names USING (restaurant_id) GROUP BY restaurant_id, restaurant_name;
  COMMENT ON VIEW report.restaurant_popularity IS 'Рестораны за всё время / Restaurants, all time';
  COMMENT ON COLUMN report.restaurant_popularity.restaurant_id IS 'Ключ ресторана / Key of the restaurant';
  COMMENT ON COLUMN report.restaurant_popularity.restaurant IS 'Новейшее название ресторана / Newest name of the restaurant';
  COMMENT ON COLUMN report.restaurant_popularity.orders IS 'Заказы в любом статусе / Orders, whatever their status';
  COMMENT ON COLUMN report.restaurant_popularity.closed_orders IS 'Закрытые заказы / Closed orders';
  COMMENT ON COLUMN report.restaurant_popularity.revenue IS 'Оплачено по закрытым заказам / Paid for closed orders';
  COMMENT ON COLUMN report.restaurant_popularity.average_bill IS 'Средняя стоимость закрытого заказа / Mean cost of a closed order';

  CREATE VIEW report.restaurant_categories AS
    SELECT restaurant_id, restaurant_name AS restaurant, category_id, category_name AS category, order_cnt AS orders
    FROM cdm.restaurant_category_counters;
  COMMENT ON VIEW report.restaurant_categories IS 'Категории в ресторанах за всё время / Categories of restaurants, all time';
  COMMENT ON COLUMN report.restaurant_categories.restaurant_id IS 'Ключ ресторана / Key of the restaurant';
  COMMENT ON COLUMN report.restaurant_categories.restaurant IS 'Название ресторана / Name of the restaurant';
  COMMENT ON COLUMN report.restaurant_categories.category_id IS 'Ключ категории / Key of the category';
  COMMENT ON COLUMN report.restaurant_categories.category IS 'Категория / Category';
  COMMENT ON COLUMN report.restaurant_categories.orders IS 'Закрытые заказы с этой категорией / Closed orders with the category';

  CREATE VIEW report.daily_sales AS
    SELECT day, restaurant_id, restaurant_name AS restaurant, order_cnt AS orders, closed_order_cnt AS closed_orders, cost,
      payment AS revenue
    FROM cdm.daily_sales JOIN cdm.restaurant_names USING (restaurant_id);
  COMMENT ON VIEW report.daily_sales IS 'Заказы и деньги по дням и ресторанам / Orders and money by day and restaurant';
  COMMENT ON COLUMN report.daily_sales.day IS 'День заказа / Day of the orders';
  COMMENT ON COLUMN report.daily_sales.restaurant_id IS 'Ключ ресторана / Key of the restaurant';
  COMMENT ON COLUMN report.daily_sales.restaurant IS 'Название ресторана / Name of the restaurant';
  COMMENT ON COLUMN report.daily_sales.orders IS 'Заказы в любом статусе / Orders, whatever their status';
  COMMENT ON COLUMN report.daily_sales.closed_orders IS 'Закрытые заказы / Closed orders';
  COMMENT ON COLUMN report.daily_sales.cost IS 'Стоимость закрытых заказов / Cost of closed orders';
  COMMENT ON COLUMN report.daily_sales.revenue IS 'Оплачено по закрытым заказам / Paid for closed orders';

  CREATE VIEW report.closed_order_dishes AS
    SELECT object_id AS order_id, order_dt AS ordered_at, user_id AS user_key, restaurant_id, restaurant_name AS restaurant,
      product_id AS dish_id, product_name AS dish, category_id, category_name AS category
    FROM cdm.order_versions CROSS JOIN unnest(product_ids, category_ids) AS line (product_id, category_id)
    JOIN cdm.product_names USING (product_id) JOIN cdm.category_popularity USING (category_id)
    JOIN cdm.restaurant_names USING (restaurant_id)
    WHERE status = 'CLOSED';
  COMMENT ON VIEW report.closed_order_dishes IS 'Блюда закрытых заказов, каждое раз в заказе: для отборов по времени, ресторану, категории / Dishes of closed orders, each once an order: for filters by time, restaurant, category';
  COMMENT ON COLUMN report.closed_order_dishes.order_id IS 'Номер заказа в источнике / Id of the order at the source';
  COMMENT ON COLUMN report.closed_order_dishes.ordered_at IS 'Время заказа / When the order was made';
  COMMENT ON COLUMN report.closed_order_dishes.user_key IS 'Ключ гостя, без персональных данных / Key of the guest, no personal data';
  COMMENT ON COLUMN report.closed_order_dishes.restaurant_id IS 'Ключ ресторана / Key of the restaurant';
  COMMENT ON COLUMN report.closed_order_dishes.restaurant IS 'Название ресторана / Name of the restaurant';
  COMMENT ON COLUMN report.closed_order_dishes.dish_id IS 'Ключ блюда / Key of the dish';
  COMMENT ON COLUMN report.closed_order_dishes.dish IS 'Новейшее название блюда / Newest name of the dish';
  COMMENT ON COLUMN report.closed_order_dishes.category_id IS 'Ключ категории / Key of the category';
  COMMENT ON COLUMN report.closed_order_dishes.category IS 'Категория / Category';

  CREATE VIEW report.user_tags AS SELECT user_id AS user_key, tag, order_cnt AS orders, since FROM cdm.user_tags;
  COMMENT ON VIEW report.user_tags IS 'Теги гостей, без персональных данных / Tags of guests, without personal data';
  COMMENT ON COLUMN report.user_tags.user_key IS 'Ключ гостя, без персональных данных / Key of the guest, no personal data';
  COMMENT ON COLUMN report.user_tags.tag IS 'Тег / Tag';
  COMMENT ON COLUMN report.user_tags.orders IS 'Закрытые заказы, за которые дан тег / Closed orders that gave the tag';
  COMMENT ON COLUMN report.user_tags.since IS 'Когда присвоен / When it was assigned';

  CREATE VIEW report.tag_audiences AS SELECT tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY tag;
  COMMENT ON VIEW report.tag_audiences IS 'Размер аудитории каждого тега / Size of the audience of each tag';
  COMMENT ON COLUMN report.tag_audiences.tag IS 'Тег / Tag';
  COMMENT ON COLUMN report.tag_audiences.users IS 'Гости с этим тегом / Guests with the tag';
`;

/**
 * A role belongs to the whole server: it may be there already, or another migration may be making it at this moment, or whoever migrates
 * may make none. Then the views are there all the same, and an administrator creates the role and its grants (docs/dashboards.md).
 */
const reportReader = /* sql */ `
  DO $$
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'report_reader') THEN
      CREATE ROLE report_reader NOLOGIN;
      COMMENT ON ROLE report_reader IS 'May read the schema report of Order Vault and nothing else';
    END IF;
  EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
  END
  $$;
  DO $$
  BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'report_reader') THEN
      GRANT USAGE ON SCHEMA report TO report_reader;
      GRANT SELECT ON ALL TABLES IN SCHEMA report TO report_reader;
    END IF;
  END
  $$;
`;
