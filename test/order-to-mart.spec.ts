import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { placedTables } from '../ops/distribute/distribute';
import { dumpTables } from './harness/dump-tables';
import { usePipeline } from './harness/use-pipeline';

/*
 * One order's way through the three services: what the source sends and what the dictionary holds, what each layer
 * makes of it, and what each sends the next. The rows are written by hand; so are the hash keys, computed without the
 * code that is tested.
 */
const pipeline = usePipeline();

/** Olga ordered five portions of ajapsandali. The source sends this text byte for byte, line breaks included. */
const order = `{"object_id":2301365,"object_type":"order","sent_dttm":"2023-08-12 06:07:15","payload":{
  "restaurant":{"id":"a51e4e31ae4602047ec52534"},"date":"2023-08-05 06:28:54",
  "user":{"id":"626a81ce9a8cd1920641e296"},
  "order_items":[{"id":"c5b64c8ba71adb08ce4bf7bc","name":"Аджапсандали","price":400,"quantity":5}],
  "bonus_payment":0,"cost":2000,"payment":2000,"bonus_grant":0,
  "statuses":[{"status":"CLOSED","dttm":"2023-08-05 06:28:54"},{"status":"DELIVERING","dttm":"2023-08-05 05:34:29"},
              {"status":"COOKING","dttm":"2023-08-05 04:37:14"},{"status":"OPEN","dttm":"2023-08-05 04:26:54"}],
  "final_status":"CLOSED","update_ts":"2023-08-05 06:28:54"}}`;
const version = '2023-08-05 06:28:54.000000|2023-08-12 06:07:15.000000|c342c35a32cabbe777b0c5e8b318bbd4';

/** The topic carries other things as well. They are no orders, and no errors. */
const noOrders = [
  '{"object_id":17,"object_type":"user","sent_dttm":"2023-08-12 06:07:15","payload":{"id":"626a81ce9a8cd1920641e264"}}',
  '{"object_id":2301365,"object_type":"order","sent_dttm":"2023-08-12 06:07:15"}',
  '{"ping":true}',
];

/** Redis: users, and restaurants with their menus. */
const dictionary = {
  '626a81ce9a8cd1920641e264':
    '{"_id":"626a81ce9a8cd1920641e264","name":"Гаврила Игнатьев","login":"gavrila_2222","update_ts_utc":"2023-08-11 16:44:59"}',
  ebfa4c9b8dadfc1da37ab58d:
    '{"_id":"ebfa4c9b8dadfc1da37ab58d","name":"PLove","menu":[{"_id":"2df24d1c887b0d10f48bd0b5","name":"Салат Оливье","price":200,"category":"Салаты"}],"update_ts_utc":"2023-08-11 16:50:44"}',
  '626a81ce9a8cd1920641e296':
    '{"_id":"626a81ce9a8cd1920641e296","name":"Котова Ольга Вениаминовна","update_ts":"2023-08-10 09:15:00"}',
  a51e4e31ae4602047ec52534:
    '{"_id":"a51e4e31ae4602047ec52534","name":"Кубдари","menu":[{"_id":"c5b64c8ba71adb08ce4bf7bc","name":"Аджапсандали","price":400,"category":"Закуски"},{"_id":"","name":"","price":0,"category":""}],"update_ts_utc":"2023-08-11 16:50:44"}',
};

const olga = 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b';
const kubdari = '37875d31-163f-570b-9d7d-648434f64f34';
const ajapsandali = '514f1049-a3c1-5774-b463-eb7d1c645494';
const starters = '14243a97-a7f4-5768-bcbf-fe8893d108ad';
const orderPk = '41d71f3d-6256-50d8-8d6a-0d1277df8dda';
const inOrder = '6bfd15df-b81a-5419-99a2-a0b8d1896244';

beforeAll(async () => {
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([order, ...noOrders].map((value) => ({ value })));
  await pipeline.settled();
});

describe('an order that the source sent', () => {
  it('is staged, its payload character for character, with the dictionary entries that it was enriched with', async () => {
    const place = placeOfMessages();
    expect(await rows('stg.order_events')).toEqual([
      {
        object_id: '2301365',
        object_type: 'order',
        sent_dttm: '2023-08-12 06:07:15',
        payload: order.slice(order.indexOf('{', 1), -1),
        order_version: version,
        user_entry_pk: '289d4543-489f-552b-bbc4-ffdf70b935ac',
        restaurant_entry_pk: 'dc7d3876-2314-5254-a17e-84c7a34b263b',
        earlier_menus: null,
        ...place,
        message_offset: '0',
      },
    ]);
    expect(await rows('stg.dictionary_entries')).toEqual([
      {
        entry_pk: '289d4543-489f-552b-bbc4-ffdf70b935ac',
        entry_kind: 'user',
        entry_key: '626a81ce9a8cd1920641e296',
        valid_from: '2023-08-10 09:15:00',
        timed: true,
        entry: dictionary['626a81ce9a8cd1920641e296'],
      },
      {
        entry_pk: 'dc7d3876-2314-5254-a17e-84c7a34b263b',
        entry_kind: 'restaurant',
        entry_key: 'a51e4e31ae4602047ec52534',
        valid_from: '2023-08-11 16:50:44',
        timed: true,
        entry: dictionary.a51e4e31ae4602047ec52534,
      },
    ]);
    expect(await rows('stg.superseded_order_events')).toEqual([]);
    expect(await rows('stg.pending_orders')).toEqual([]);
  });

  it('came with messages that are no orders; they are recorded', async () => {
    const place = placeOfMessages();
    expect(await rows('stg.skipped_messages', 'message_offset')).toEqual([
      { ...place, message_offset: '1', object_type: 'user' },
      { ...place, message_offset: '2', object_type: 'order' },
      { ...place, message_offset: '3', object_type: null },
    ]);
  });

  it('goes on with names and categories, keyed by its user', async () => {
    const [message, ...others] = await pipeline.outputs('stg');
    expect(others).toEqual([]);
    expect(message!.key!.toString()).toBe('626a81ce9a8cd1920641e296');
    expect(JSON.parse(message!.value!.toString())).toEqual({
      object_id: 2301365,
      object_type: 'order',
      sent_dttm: '2023-08-12 06:07:15',
      payload: {
        id: 2301365,
        order_version: version,
        date: '2023-08-05 06:28:54',
        update_ts: '2023-08-05 06:28:54',
        cost: 2000,
        payment: 2000,
        bonus_payment: 0,
        bonus_grant: 0,
        status: 'CLOSED',
        statuses: [
          { status: 'CLOSED', dttm: '2023-08-05 06:28:54' },
          { status: 'DELIVERING', dttm: '2023-08-05 05:34:29' },
          { status: 'COOKING', dttm: '2023-08-05 04:37:14' },
          { status: 'OPEN', dttm: '2023-08-05 04:26:54' },
        ],
        restaurant: { id: 'a51e4e31ae4602047ec52534', name: 'Кубдари', valid_from: '2023-08-11 16:50:44' },
        user: {
          id: '626a81ce9a8cd1920641e296',
          name: 'Котова Ольга Вениаминовна',
          login: null,
          valid_from: '2023-08-10 09:15:00',
        },
        products: [
          {
            id: 'c5b64c8ba71adb08ce4bf7bc',
            price: 400,
            quantity: 5,
            name: 'Аджапсандали',
            ordered_name: 'Аджапсандали',
            category: 'Закуски',
            valid_from: '2023-08-11 16:50:44',
          },
        ],
      },
    });
  });

  it('is in the bucket of its user with every row that belongs to one', async () => {
    const tables = [...(await placedTables())].flatMap(([table, place]) =>
      isDeepStrictEqual(place, { spreadBy: 'bucket' }) ? [table] : [],
    );
    const found = await Promise.all(
      tables.map((table) => pipeline.database.rows(`SELECT DISTINCT bucket FROM ${table}`)),
    );
    expect(found).toHaveLength(10);
    // The first 15 bits of afbd.
    expect(found.flat()).toEqual(tables.map(() => ({ bucket: 0xafbd >> 1 })));
  });

  it('becomes five hubs and the links between them', async () => {
    expect(await rows('dds.h_user')).toEqual([{ h_user_pk: olga, user_id: '626a81ce9a8cd1920641e296' }]);
    expect(await rows('dds.h_restaurant')).toEqual([
      { h_restaurant_pk: kubdari, restaurant_id: 'a51e4e31ae4602047ec52534' },
    ]);
    expect(await rows('dds.h_product')).toEqual([
      { h_product_pk: ajapsandali, product_id: 'c5b64c8ba71adb08ce4bf7bc' },
    ]);
    expect(await rows('dds.h_category')).toEqual([{ h_category_pk: starters, category_name: 'Закуски' }]);
    expect(await rows('dds.h_order')).toEqual([
      { h_order_pk: orderPk, order_id: '2301365', order_dt: '2023-08-05 06:28:54' },
    ]);

    expect(await rows('dds.l_order_user')).toEqual([
      { hk_order_user_pk: '5b6e491b-68b4-57ca-ba52-28371dc3c11a', h_order_pk: orderPk, h_user_pk: olga },
    ]);
    expect(await rows('dds.l_order_restaurant')).toEqual([
      {
        hk_order_restaurant_pk: 'e3e364ed-8791-573e-8ec1-e653a5dccbe1',
        h_order_pk: orderPk,
        h_restaurant_pk: kubdari,
      },
    ]);
    expect(await rows('dds.l_order_product')).toEqual([
      { hk_order_product_pk: inOrder, h_order_pk: orderPk, h_product_pk: ajapsandali },
    ]);
    expect(await rows('dds.l_product_restaurant')).toEqual([
      {
        hk_product_restaurant_pk: 'e5d789b4-126d-5cea-ae47-1debfd653e93',
        h_product_pk: ajapsandali,
        h_restaurant_pk: kubdari,
      },
    ]);
    expect(await rows('dds.l_product_category')).toEqual([
      {
        hk_product_category_pk: 'bbc79908-ac8f-517a-b030-3a165abd4660',
        h_product_pk: ajapsandali,
        h_category_pk: starters,
      },
    ]);
  });

  it('becomes satellites: what the dictionary said about its things, and since when', async () => {
    expect(await rows('dds.s_user_names')).toEqual([
      {
        h_user_pk: olga,
        username: 'Котова Ольга Вениаминовна',
        userlogin: null,
        valid_from: '2023-08-10 09:15:00',
        hk_user_names_hashdiff: '75b52957-3993-5306-a3d2-631123767914',
      },
    ]);
    expect(await rows('dds.s_restaurant_names')).toEqual([
      {
        h_restaurant_pk: kubdari,
        name: 'Кубдари',
        valid_from: '2023-08-11 16:50:44',
        hk_restaurant_names_hashdiff: '777b3c68-7380-5cab-81ea-001bdcb8188e',
      },
    ]);
    expect(await rows('dds.s_product_names')).toEqual([
      {
        h_product_pk: ajapsandali,
        name: 'Аджапсандали',
        valid_from: '2023-08-11 16:50:44',
        hk_product_names_hashdiff: '0c5c03d8-5a70-58f5-9698-7885edd31912',
      },
    ]);
    expect(await rows('dds.s_product_category')).toEqual([
      {
        hk_product_category_pk: 'bbc79908-ac8f-517a-b030-3a165abd4660',
        valid_from: '2023-08-11 16:50:44',
        hk_product_category_hashdiff: '44ec106f-2d7c-53f1-882c-15b96895247e',
      },
    ]);
  });

  it('becomes satellites: its money, its details, its lines, and the statuses it went through', async () => {
    const ofVersion = { order_version: version, valid_from: '2023-08-05 06:28:54' };
    expect(await rows('dds.s_order_cost')).toEqual([
      {
        h_order_pk: orderPk,
        ...ofVersion,
        cost: '2000.00000',
        payment: '2000.00000',
        hk_order_cost_hashdiff: '2612c1bc-e23d-5c10-999b-8b7419d8ea1c',
      },
    ]);
    expect(await rows('dds.s_order_details')).toEqual([
      {
        h_order_pk: orderPk,
        ...ofVersion,
        final_status: 'CLOSED',
        order_dt: '2023-08-05 06:28:54',
        sent_dttm: '2023-08-12 06:07:15',
        bonus_payment: '0.00000',
        bonus_grant: '0.00000',
        hk_order_details_hashdiff: '80f52fa9-02f2-5143-9fa6-6b5bac86dc7b',
      },
    ]);
    expect(await rows('dds.s_order_product')).toEqual([
      {
        hk_order_product_pk: inOrder,
        ...ofVersion,
        line: 1,
        name: 'Аджапсандали',
        price: '400.00000',
        quantity: '5',
        category_name: 'Закуски',
        hk_order_product_hashdiff: '544540ac-9783-5401-81c2-cf518e73aac9',
      },
    ]);
    const status = (name: string, validFrom: string, hashdiff: string) => ({
      h_order_pk: orderPk,
      status: name,
      valid_from: validFrom,
      hk_order_status_hashdiff: hashdiff,
    });
    expect(await rows('dds.s_order_status', 'valid_from')).toEqual([
      status('OPEN', '2023-08-05 04:26:54', '5d626552-8db5-5f27-a741-0fd4f1dd2eec'),
      status('COOKING', '2023-08-05 04:37:14', 'e292efc7-7b32-508b-8e15-05430b0bd852'),
      status('DELIVERING', '2023-08-05 05:34:29', 'a5361ee8-97a3-579e-83d4-a21737d5e840'),
      status('CLOSED', '2023-08-05 06:28:54', 'eaadbe22-4b51-5667-8321-e7ba2303a741'),
    ]);
  });

  it('goes on with hash keys, keyed by the hash key of its user', async () => {
    const [message, ...others] = await pipeline.outputs('dds');
    expect(others).toEqual([]);
    expect(message!.key!.toString()).toBe(olga);
    expect(JSON.parse(message!.value!.toString())).toEqual({
      object_id: 2301365,
      object_type: 'order',
      sent_dttm: '2023-08-12 06:07:15',
      payload: {
        order_id: orderPk,
        order_version: version,
        status: 'CLOSED',
        date: '2023-08-05 06:28:54',
        cost: 2000,
        payment: 2000,
        user_id: olga,
        source_user_id: '626a81ce9a8cd1920641e296',
        restaurant: { id: kubdari, name: 'Кубдари', valid_from: '2023-08-11 16:50:44' },
        categories: { [starters]: { category_name: 'Закуски', order_cnt: 1 } },
        products: {
          [ajapsandali]: {
            product_name: 'Аджапсандали',
            order_cnt: 1,
            valid_from: '2023-08-11 16:50:44',
            category_id: starters,
            lines: [{ price: 400, quantity: 5 }],
          },
        },
      },
    });
  });

  it('counts as one order in the marts, however many portions it has', async () => {
    expect(await rows('cdm.user_product_counters')).toEqual([
      { user_id: olga, product_id: ajapsandali, product_name: 'Аджапсандали', order_cnt: 1 },
    ]);
    expect(await rows('cdm.user_category_counters')).toEqual([
      { user_id: olga, category_id: starters, category_name: 'Закуски', order_cnt: 1 },
    ]);
    expect(await rows('cdm.restaurant_category_counters')).toEqual([
      {
        restaurant_id: kubdari,
        restaurant_name: 'Кубдари',
        category_id: starters,
        category_name: 'Закуски',
        order_cnt: 1,
      },
    ]);
    expect(await rows('cdm.order_versions')).toEqual([
      {
        change_id: expect.stringMatching(/^\d+$/) as string,
        order_id: orderPk,
        object_id: '2301365',
        order_version: version,
        user_id: olga,
        restaurant_id: kubdari,
        status: 'CLOSED',
        order_dt: '2023-08-05 06:28:54',
        cost: '2000.00000',
        payment: '2000.00000',
        product_ids: [ajapsandali],
        category_ids: [starters],
        quantities: [5],
        amounts: [2000],
      },
    ]);
    expect(await rows('cdm.users')).toEqual([
      { user_id: olga, source_user_id: '626a81ce9a8cd1920641e296', closed_order_cnt: 1 },
    ]);
    expect(await rows('cdm.category_popularity')).toEqual([
      { category_id: starters, category_name: 'Закуски', order_cnt: 1, user_cnt: 1 },
    ]);
    expect(await rows('cdm.product_popularity')).toEqual([
      { product_id: ajapsandali, order_cnt: 1, user_cnt: 1 },
    ]);
    expect(await rows('cdm.daily_sales')).toMatchObject([
      {
        restaurant_id: kubdari,
        order_cnt: 1,
        closed_order_cnt: 1,
        cost: '2000.00000',
        payment: '2000.00000',
      },
    ]);
    const known = { valid_from: '2023-08-11 16:50:44', spreading: false };
    expect(await rows('cdm.product_names')).toEqual([
      { product_id: ajapsandali, product_name: 'Аджапсандали', ...known },
    ]);
    expect(await rows('cdm.restaurant_names')).toEqual([
      { restaurant_id: kubdari, restaurant_name: 'Кубдари', ...known },
    ]);
  });
});

describe('what may happen next', () => {
  it('the same message again changes nothing, though names are others by now', async () => {
    const before = await dumpTables(pipeline.database);
    const renamed = dictionary.a51e4e31ae4602047ec52534.replaceAll('Аджапсандали', 'Баклажаны');
    await pipeline.dictionary.put({ a51e4e31ae4602047ec52534: renamed });
    await pipeline.sendOrders([{ value: order, partition: 3 }]);
    await pipeline.settled();

    expect(await dumpTables(pipeline.database)).toEqual(before);
    await pipeline.dictionary.put(dictionary);
  });

  it('a CANCELLED version of the order leaves no counter, and the vault has both versions', async () => {
    const cancelled = order
      .replace('"statuses":[', '"statuses":[{"status":"CANCELLED","dttm":"2023-08-05 07:00:00.5"},')
      .replace(
        '"final_status":"CLOSED","update_ts":"2023-08-05 06:28:54"',
        '"final_status":"CANCELLED","update_ts":"2023-08-05T07:00:00.5"',
      );
    await pipeline.sendOrders([{ value: cancelled }]);
    await pipeline.settled();

    expect(await rows('cdm.user_product_counters')).toEqual([]);
    expect(await rows('cdm.user_category_counters')).toEqual([]);
    expect(await rows('cdm.restaurant_category_counters')).toEqual([]);
    expect(await rows('cdm.category_popularity')).toEqual([]);
    expect(await rows('cdm.product_popularity')).toEqual([]);
    expect(await rows('cdm.daily_sales')).toMatchObject([
      { order_cnt: 1, closed_order_cnt: 0, cost: '0.00000', payment: '0.00000' },
    ]);
    expect(await rows('cdm.order_versions')).toMatchObject([{ object_id: '2301365', status: 'CANCELLED' }]);

    expect(await rows('stg.order_events')).toMatchObject([
      { payload: cancelled.slice(cancelled.indexOf('{', 1), -1) },
    ]);
    expect(await rows('stg.superseded_order_events')).toMatchObject([
      { object_id: '2301365', order_version: version },
    ]);
    expect(await rows('dds.order_current')).toMatchObject([
      { order_id: '2301365', final_status: 'CANCELLED' },
    ]);
    expect(await rows('dds.s_order_details', 'order_version')).toMatchObject([
      { final_status: 'CLOSED', valid_from: '2023-08-05 06:28:54' },
      { final_status: 'CANCELLED', valid_from: '2023-08-05 07:00:00.5' },
    ]);
    expect((await rows('dds.s_order_status', 'valid_from')).map(({ status }) => status)).toEqual([
      'OPEN',
      'COOKING',
      'DELIVERING',
      'CLOSED',
      'CANCELLED',
    ]);
  });

  it('an order with a dish that is in no menu waits, and goes on when the menu has it', async () => {
    const waiting = `{"object_id":2301366,"object_type":"order","sent_dttm":"2023-08-12 06:07:16","payload":{
      "restaurant":{"id":"ebfa4c9b8dadfc1da37ab58d"},"date":"2023-08-11 18:00:00","user":{"id":"626a81ce9a8cd1920641e264"},
      "order_items":[{"id":"2df24d1c887b0d10f48bd0b5","name":"Оливье","price":200,"quantity":1},
                     {"id":"9f6fd04d6b1f4ab1b6a8c9a1","name":"Плов","price":350.50,"quantity":2}],
      "bonus_payment":0,"cost":901,"payment":901,"bonus_grant":0,"statuses":[],
      "final_status":"CLOSED","update_ts":"2023-08-11 19:00:00"}}`;
    await pipeline.sendOrders([{ value: waiting }]);
    await pipeline.settled();
    expect(await rows('stg.pending_orders')).toMatchObject([
      {
        object_id: '2301366',
        missing: [
          { kind: 'dish', id: '9f6fd04d6b1f4ab1b6a8c9a1', restaurant_id: 'ebfa4c9b8dadfc1da37ab58d' },
        ],
        released_at: null,
      },
    ]);
    expect(await rows('stg.order_events', 'object_id')).toMatchObject([
      { object_id: '2301365' },
      { object_id: '2301366' },
    ]);
    expect(await rows('dds.h_order')).toMatchObject([{ order_id: '2301365' }]);

    const withPlov = dictionary.ebfa4c9b8dadfc1da37ab58d
      .replace(
        '"menu":[',
        '"menu":[{"_id":"9f6fd04d6b1f4ab1b6a8c9a1","name":"Плов по-бухарски","price":350.5,"category":"Горячее"},',
      )
      .replace('16:50:44', '20:00:00');
    await pipeline.dictionary.put({ ebfa4c9b8dadfc1da37ab58d: withPlov });
    await pipeline.settled();
    expect(await rows('stg.pending_orders')).toEqual([]);
    expect(await rows('cdm.user_product_counters', 'product_name')).toMatchObject([
      { product_name: 'Плов по-бухарски', order_cnt: 1 },
      { product_name: 'Салат Оливье', order_cnt: 1 },
    ]);
    expect(await rows('dds.s_order_product', 'line', "category_name <> 'Закуски'")).toMatchObject([
      { line: 1, name: 'Оливье', price: '200.00000', quantity: '1', category_name: 'Салаты' },
      { line: 2, name: 'Плов', price: '350.50000', quantity: '2', category_name: 'Горячее' },
    ]);
  });

  it('a broken message becomes one dead letter, as it came, with the reason in its headers', async () => {
    const value = '{"object_id":2301367,"object_type":"order","payload":{';
    const [sent] = await pipeline.sendOrders([
      {
        value,
        key: 'k',
        headers: { trace: 'b7f1', hop: ['1', '2'] },
        timestamp: Date.parse('2023-08-12T06:07:17Z'),
      },
    ]);
    await pipeline.settled();

    const [letter, ...others] = await pipeline.deadLetters('stg');
    expect(others).toEqual([]);
    expect(letter!.key!.toString()).toBe('k');
    expect(letter!.value!.toString()).toBe(value);
    expect(letter!.timestamp).toBe('1691820437000');
    const headers = Object.fromEntries(
      Object.entries(letter!.headers)
        .filter(([name]) => !name.startsWith('__connect.'))
        .map(([name, text]) => [name, Array.isArray(text) ? text.map(String) : String(text)]),
    );
    expect(headers).toEqual({
      trace: 'b7f1',
      hop: ['1', '2'],
      'dlq.reason': 'invalid_json',
      'dlq.message': expect.stringContaining('JSON'),
      'dlq.topic': pipeline.topics.name('order-service_orders'),
      'dlq.partition': '0',
      'dlq.offset': sent!.offset,
      'dlq.timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'dlq.service': 'stg',
    });
    expect(await pipeline.deadLetters('dds')).toEqual([]);
    expect(await pipeline.deadLetters('cdm')).toEqual([]);
  });
});

/** The rows of a table or view, without what is about their loading. */
async function rows(table: string, orderedBy = '1', where = 'true'): Promise<Record<string, unknown>[]> {
  const found = await pipeline.database.rows<Record<string, unknown>>(
    `SELECT * FROM ${table} WHERE ${where} ORDER BY ${orderedBy}`,
  );
  return found.map(({ id: _id, load_dt: _when, load_src: _whence, bucket: _where, ...said }) => said);
}

/** All messages of this file go to one partition. */
function placeOfMessages() {
  return { topic: pipeline.topics.name('order-service_orders'), partition: 0 };
}
