import { beforeAll, expect, it } from 'vitest';
import { expectTable } from '../harness/expect-table';
import { usePipeline } from '../harness/use-pipeline';

/*
 * CHAPTER 1: AN ORDER
 *
 * These chapters introduce Order Vault. Read them from the first to the sixth, each from top to bottom: what is sent,
 * what the tables hold then, and why. They are tests, so all of it is true. The servers are real, and the services run
 * as they are shipped. `npm test` runs the chapters. To run them alone:
 *
 *     npm run build && npm run build:failpoints
 *     npx vitest run --project e2e test/chapters
 *
 * An order passes three services. Each reads one topic of Kafka, and writes one schema of PostgreSQL:
 *
 *     source ──▶ stg ──▶ dds ──▶ cdm
 *                 │       │       └── marts: how many orders of what
 *                 │       └────────── vault: what was ordered by whom, where and when, with its history
 *                 └────────────────── staging: what came, as it came
 *
 * @module-tag short
 */

/** One database, one dictionary and one set of topics for this chapter, and the three services at work on them. */
const pipeline = usePipeline();

/** A guest has ordered two portions of soup, and has them. The source sends this text, with ids of
 * user and restaurant, and no names of them. */
const order =
  '{"object_id":1,"object_type":"order","sent_dttm":"2024-03-01 13:00:01","payload":{' +
  '"restaurant":{"id":"r1"},"date":"2024-03-01 12:00:00","user":{"id":"u1"},' +
  '"order_items":[{"id":"d1","name":"Borscht, hot","price":100,"quantity":2}],' +
  '"bonus_payment":0,"cost":200,"payment":200,"bonus_grant":0,' +
  '"statuses":[{"status":"CLOSED","dttm":"2024-03-01 13:00:00"},{"status":"OPEN","dttm":"2024-03-01 12:00:00"}],' +
  '"final_status":"CLOSED","update_ts":"2024-03-01 13:00:00"}}';

/** The names are in Redis, which is called the dictionary: users by id, and restaurants with their menus. */
const dictionary = {
  u1: '{"_id":"u1","name":"Olga Kotova","login":"olga","update_ts_utc":"2024-01-01 00:00:00"}',
  r1:
    '{"_id":"r1","name":"At home","menu":[{"_id":"d1","name":"Borscht","price":100,"category":"Soups"}],' +
    '"update_ts_utc":"2024-01-02 00:00:00"}',
};

beforeAll(async () => {
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([{ value: order }]);
  await pipeline.settled(); // until no service has anything left to do
});

it('is staged as it came, with the dictionary entries that it was enriched with', async () => {
  await expectTable(pipeline)`
    SELECT object_id, sent_dttm, order_version FROM stg.order_events;
      object_id  sent_dttm            order_version
      1          2024-03-01 13:00:01  2024-03-01 13:00:00.000000|2024-03-01 13:00:01.000000|edef485eaa16778bbf9783a801a37da6
  `;
  // `order_version` is what makes an order exact: update_ts, sent_dttm and a digest of the message. Of two messages
  // about one order, the one with the greater text is the newer one, whichever comes first: chapter 2.

  // The payload is kept character for character.
  const [staged] = await pipeline.database.rows<{ payload: string }>('SELECT payload FROM stg.order_events');
  expect(order).toContain(`"payload":${staged!.payload}}`);

  // Redis keeps no history, so staging keeps what was read there.
  await expectTable(pipeline)`
    SELECT entry_key, entry FROM stg.dictionary_entries ORDER BY entry_key DESC;
      entry_key  entry
      u1         ${dictionary.u1}
      r1         ${dictionary.r1}
  `;
});

it('goes on to dds with names and categories', async () => {
  const [message] = await pipeline.outputs('stg');
  expect(JSON.parse(String(message!.value))).toMatchObject({
    object_id: 1,
    payload: {
      status: 'CLOSED',
      user: { id: 'u1', name: 'Olga Kotova', login: 'olga' },
      restaurant: { id: 'r1', name: 'At home' },
      // Price and quantity as ordered; name and category as the menu has them.
      products: [{ id: 'd1', price: 100, quantity: 2, name: 'Borscht', category: 'Soups' }],
    },
  });
});

it('becomes hubs, links and satellites of the vault', async () => {
  // A hub has one row for each thing. Its hash key is made of the business key alone, so every replica of the
  // service, and every new start, makes the same.
  await expectTable(pipeline)`
    SELECT 'h_user' AS hub, user_id AS business_key, h_user_pk AS hash_key FROM dds.h_user
    UNION ALL SELECT 'h_restaurant', restaurant_id, h_restaurant_pk FROM dds.h_restaurant
    UNION ALL SELECT 'h_product', product_id, h_product_pk FROM dds.h_product
    UNION ALL SELECT 'h_category', category_name, h_category_pk FROM dds.h_category
    UNION ALL SELECT 'h_order', order_id::text, h_order_pk FROM dds.h_order;
      hub           business_key  hash_key
      h_user        u1            1eecb4a4-f170-58ad-aff5-671d533e1814
      h_restaurant  r1            aed0e9ed-62b2-519e-ab2e-22de4dc89f74
      h_product     d1            d29f66ef-7dd8-50c2-a1bf-c0dbb8796d38
      h_category    Soups         93d08ee1-e0f9-5b1c-acb6-a66f2cb54aa7
      h_order       1             bf4d74b2-6023-5c28-b933-06e33cbaaf66
  `;

  // A link has one row for each pair of things that belong together.
  await expectTable(pipeline)`
    SELECT order_id, user_id, restaurant_id, product_id, category_name
    FROM dds.h_order
    JOIN dds.l_order_user USING (h_order_pk) JOIN dds.h_user USING (h_user_pk)
    JOIN dds.l_order_restaurant USING (h_order_pk) JOIN dds.h_restaurant USING (h_restaurant_pk)
    JOIN dds.l_order_product USING (h_order_pk) JOIN dds.h_product USING (h_product_pk)
    JOIN dds.l_product_category USING (h_product_pk) JOIN dds.h_category USING (h_category_pk);
      order_id  user_id  restaurant_id  product_id  category_name
      1         u1       r1             d1          Soups
  `;

  // A satellite has everything that describes a thing, and since when (`valid_from`). No service ever changes a row of
  // the vault: what is new comes as one more row.
  await expectTable(pipeline)`
    SELECT status, valid_from FROM dds.s_order_status ORDER BY valid_from;
      status  valid_from
      OPEN    2024-03-01 12:00:00
      CLOSED  2024-03-01 13:00:00
  `;
  // A line has the name as ordered, which goes to dds beside the name of the menu. That one is in `s_product_names`.
  await expectTable(pipeline)`
    SELECT line, name, price, quantity, category_name FROM dds.s_order_product;
      line  name          price      quantity  category_name
      1     Borscht, hot  100.00000  2         Soups
  `;
  await expectTable(pipeline)`
    SELECT username, userlogin, valid_from FROM dds.s_user_names;
      username     userlogin  valid_from
      Olga Kotova  olga       2024-01-01 00:00:00
  `;
});

it('counts as one order in the marts, however many portions it has', async () => {
  await expectTable(pipeline)`
    SELECT source_user_id, product_name, order_cnt
    FROM cdm.user_product_counters JOIN cdm.users USING (user_id);
      source_user_id  product_name  order_cnt
      u1              Borscht       1
  `;
  await expectTable(pipeline)`
    SELECT restaurant_name, category_name, order_cnt FROM cdm.restaurant_category_counters;
      restaurant_name  category_name  order_cnt
      At home          Soups          1
  `;

  // Behind the counters is the ledger: the newest version of each order, which says what it counts for. When another
  // version comes, the difference between the two is what the counters change by.
  await expectTable(pipeline)`
    SELECT object_id, status, order_dt, payment FROM cdm.order_versions;
      object_id  status  order_dt             payment
      1          CLOSED  2024-03-01 12:00:00  200.00000
  `;
});

it('changes nothing when it comes again', async () => {
  // Kafka delivers a message at least once. The second time, every row is there already.
  await pipeline.sendOrders([{ value: order, partition: 3 }]);
  await pipeline.settled();
  await expectTable(pipeline)`
    SELECT (SELECT count(*) FROM stg.order_events) AS staged, (SELECT count(*) FROM dds.s_order_details) AS in_vault,
    (SELECT order_cnt FROM cdm.user_product_counters) AS counted;
      staged  in_vault  counted
      1       1         1
  `;
});
