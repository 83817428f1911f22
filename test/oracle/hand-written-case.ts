import type { PlacedMessage, Step } from './history';
import type { Tables } from './rows';

/*
 * A history small enough to be followed by hand, with all rows that it leaves. Hash keys and digests are computed
 * elsewhere.
 */
export const topic = 'orders';

/** 2024-01-02, CLOSED: two lines of soup, one of tea. */
const closed = {
  payload:
    '{"restaurant":{"id":"r1"},"date":"2024-01-02 11:00:00","user":{"id":"u1"},"order_items":[{"id":"d1","name":"Soup of the day","price":1.50,"quantity":1},{"id":"d1","name":"Soup of the day","price":1.5,"quantity":2},{"id":"d2","name":"Tea","price":2,"quantity":1}],"bonus_payment":0,"cost":6.5,"payment":6.5,"bonus_grant":0.05,"statuses":[{"status":"OPEN","dttm":"2024-01-02 11:00:00"},{"status":"CLOSED","dttm":"2024-01-02 12:00:00"}],"final_status":"CLOSED","update_ts":"2024-01-02 12:00:00"}',
  sent: '2024-01-02 12:00:01',
  version: '2024-01-02 12:00:00.000000|2024-01-02 12:00:01.000000|a9789ff05702d69e405005dc1b8c7eed',
};
/** A month later: one soup only, which is in no menu any more; and a date with half a second. */
const corrected = {
  payload:
    '{"restaurant":{"id":"r1"},"date":"2024-01-02 11:00:00.5","user":{"id":"u1"},"order_items":[{"id":"d1","name":"Soup","price":1e0,"quantity":1}],"bonus_payment":0,"cost":1,"payment":1,"bonus_grant":0,"statuses":[],"final_status":"CLOSED","update_ts":"2024-02-02T12:00:00"}',
  sent: '2024-02-02 12:00:01',
  version: '2024-02-02 12:00:00.000000|2024-02-02 12:00:01.000000|6f6f0001b00d199b33aabb2a44108bb6',
};
/** The first version of it, which comes last. */
const opened = {
  payload:
    '{"restaurant":{"id":"r1"},"date":"2024-01-02 11:00:00","user":{"id":"u1"},"order_items":[{"id":"d2","name":"Tea","price":2,"quantity":1}],"bonus_payment":0,"cost":2,"payment":0,"bonus_grant":0,"statuses":[{"status":"OPEN","dttm":"2024-01-02 11:00:00"}],"final_status":"OPEN","update_ts":"2024-01-02 11:00:00"}',
  sent: '2024-01-02 11:00:01',
  version: '2024-01-02 11:00:00.000000|2024-01-02 11:00:01.000000|e57d013ef0a2c0e664cea983e3a1f3c6',
};
/** Of a user whom the dictionary does not know. */
const waiting = {
  payload:
    '{"restaurant":{"id":"r1"},"date":"2024-01-02 11:00:00","user":{"id":"u2"},"order_items":[],"bonus_payment":0,"cost":0,"payment":0,"bonus_grant":0,"statuses":[],"final_status":"CLOSED","update_ts":"2024-01-02 12:00:00"}',
  sent: '2024-01-02 12:00:01',
  version: '2024-01-02 12:00:00.000000|2024-01-02 12:00:01.000000|ab078c2d295aad84ad06512a10b9c3bc',
};

function text(id: number, { payload, sent }: { payload: string; sent: string }): string {
  return `{"object_id":${id},"object_type":"order","sent_dttm":"${sent}","payload":${payload}}`;
}

function message(partition: number, offset: number, value: string): PlacedMessage {
  return {
    partition,
    offset: String(offset),
    timestamp: '1704196800000',
    key: Buffer.from('k'),
    value: Buffer.from(value),
    headers: { h: ['1', '2'] },
  };
}

const ann = '{"name":"Ann","login":"ann","update_ts_utc":"2024-01-01 10:00:00"}';
const deli =
  '{"name":"Deli","menu":[{"_id":"d1","name":"Soup","category":"Hot"},{"_id":"d2","name":"Tea","category":"Drinks"}]}';
const deliAndCo =
  '{"name":"Deli & Co","menu":[{"_id":"d2","name":"Green tea","category":"Drinks"}],"update_ts":"2024-02-01 00:00:00"}';

export const steps: Step[] = [
  {
    dictionary: { u1: ann, r1: deli },
    messages: [
      message(0, 0, text(1, closed)),
      message(0, 1, text(1, closed)),
      message(0, 2, '{"object_type":"user"}'),
      message(0, 3, '{'),
      message(0, 4, text(2, waiting)),
    ],
  },
  {
    dictionary: { r1: deliAndCo },
    messages: [
      message(1, 0, text(1, corrected)),
      message(1, 1, text(1, opened)),
      message(1, 2, text(1, corrected).replace('"u1"', '"u9"')),
    ],
  },
];

/** Partition, offset and reason. */
export const deadLetters = [
  [0, '3', 'invalid_json'],
  [1, '2', 'order_owner_changed'],
];

const u1 = '1eecb4a4-f170-58ad-aff5-671d533e1814';
const r1 = 'aed0e9ed-62b2-519e-ab2e-22de4dc89f74';
const d1 = 'd29f66ef-7dd8-50c2-a1bf-c0dbb8796d38';
const d2 = '51b04813-0780-5239-8b5a-bdbff92e9059';
const hot = '25bf7f0d-a7a1-5161-92e2-99e381062731';
const drinks = 'c842e88f-10d2-58b9-891d-2ad1c56ce9aa';
const order = 'bf4d74b2-6023-5c28-b933-06e33cbaaf66';
const orderSoup = 'da578585-763a-5230-a3fa-6c4c4c3b78b2';
const orderTea = 'd6fa6cb3-02d1-5fc3-b0e3-f68db024ad86';
const soupHot = '3bb7fc81-3dfd-5d17-bb43-66d8f37c7d3d';
const teaDrinks = '6813fdbc-0a7f-5039-aa0a-c16356c1885a';
const annEntry = 'f073ea46-3a9a-536d-899b-6c7f56f29669';
const deliEntry = 'fa46d9c4-6926-5e82-9b9b-9dab91725268';
const deliAndCoEntry = 'eb1ca66a-65c5-551a-9f15-7264e01a9864';

const storedOrder = { object_id: '1', object_type: 'order', user_entry_pk: annEntry, earlier_menus: null };
const first = '1970-01-01 00:00:00';
const february = '2024-02-01 00:00:00';

export const tables: Tables = {
  'stg.dictionary_entries': [
    {
      entry_pk: annEntry,
      entry_kind: 'user',
      entry_key: 'u1',
      valid_from: '2024-01-01 10:00:00',
      timed: 'true',
      entry: ann,
    },
    {
      entry_pk: deliEntry,
      entry_kind: 'restaurant',
      entry_key: 'r1',
      valid_from: first,
      timed: 'false',
      entry: deli,
    },
    {
      entry_pk: deliAndCoEntry,
      entry_kind: 'restaurant',
      entry_key: 'r1',
      valid_from: february,
      timed: 'true',
      entry: deliAndCo,
    },
  ],
  'stg.order_events': [
    {
      ...storedOrder,
      sent_dttm: corrected.sent,
      payload: corrected.payload,
      order_version: corrected.version,
      restaurant_entry_pk: deliAndCoEntry,
      earlier_menus: `d1 ${deliEntry}`,
      place: 'orders/1/0',
    },
    {
      ...storedOrder,
      object_id: '2',
      sent_dttm: waiting.sent,
      payload: waiting.payload,
      order_version: waiting.version,
      user_entry_pk: null,
      restaurant_entry_pk: null,
      place: 'orders/0/4',
    },
  ],
  'stg.superseded_order_events': [
    {
      ...storedOrder,
      sent_dttm: closed.sent,
      payload: closed.payload,
      order_version: closed.version,
      restaurant_entry_pk: deliEntry,
      place: { oneOf: ['orders/0/0', 'orders/0/1'] },
    },
    {
      ...storedOrder,
      sent_dttm: opened.sent,
      payload: opened.payload,
      order_version: opened.version,
      restaurant_entry_pk: deliAndCoEntry,
      place: 'orders/1/1',
    },
  ],
  'stg.pending_orders': [
    {
      object_id: '2',
      order_version: waiting.version,
      missing: 'user u2',
      released: 'false',
      place: 'orders/0/4',
      message_key: '6b',
      message_value: text(2, waiting),
      message_headers: 'h: MQ==, Mg==',
      message_header_list: 'aA==: MQ==; aA==: Mg==',
    },
  ],
  'stg.skipped_messages': [{ topic, partition: '0', message_offset: '2', object_type: 'user' }],

  'dds.h_user': [{ h_user_pk: u1, user_id: 'u1' }],
  'dds.h_restaurant': [{ h_restaurant_pk: r1, restaurant_id: 'r1' }],
  'dds.h_product': [
    { h_product_pk: d1, product_id: 'd1' },
    { h_product_pk: d2, product_id: 'd2' },
  ],
  'dds.h_category': [
    { h_category_pk: hot, category_name: 'Hot' },
    { h_category_pk: drinks, category_name: 'Drinks' },
  ],
  'dds.h_order': [
    {
      h_order_pk: order,
      order_id: '1',
      order_dt: { oneOf: ['2024-01-02 11:00:00', '2024-01-02 11:00:00.5'] },
    },
  ],
  'dds.l_order_user': [
    { hk_order_user_pk: '97da48d1-495c-5e6e-87cd-ccc0261ecd47', h_order_pk: order, h_user_pk: u1 },
  ],
  'dds.l_order_restaurant': [
    {
      hk_order_restaurant_pk: '562457b9-34f3-58c3-869f-ba13630939be',
      h_order_pk: order,
      h_restaurant_pk: r1,
    },
  ],
  'dds.l_order_product': [
    { hk_order_product_pk: orderSoup, h_order_pk: order, h_product_pk: d1 },
    { hk_order_product_pk: orderTea, h_order_pk: order, h_product_pk: d2 },
  ],
  'dds.l_product_restaurant': [
    {
      hk_product_restaurant_pk: '7de5383d-ad12-51d5-b7ec-8a0301c1a973',
      h_product_pk: d1,
      h_restaurant_pk: r1,
    },
    {
      hk_product_restaurant_pk: 'cca07c7b-6de7-5f90-93d2-2ef861fb1ebc',
      h_product_pk: d2,
      h_restaurant_pk: r1,
    },
  ],
  'dds.l_product_category': [
    { hk_product_category_pk: soupHot, h_product_pk: d1, h_category_pk: hot },
    { hk_product_category_pk: teaDrinks, h_product_pk: d2, h_category_pk: drinks },
  ],
  'dds.s_user_names': [
    {
      h_user_pk: u1,
      username: 'Ann',
      userlogin: 'ann',
      valid_from: '2024-01-01 10:00:00',
      hk_user_names_hashdiff: 'ce15c0c9-f0b1-53e2-9c84-c78e0da048da',
    },
  ],
  'dds.s_restaurant_names': [
    {
      h_restaurant_pk: r1,
      name: 'Deli',
      valid_from: first,
      hk_restaurant_names_hashdiff: 'b3d35636-3045-5a9d-b9fb-48e02e55f370',
    },
    {
      h_restaurant_pk: r1,
      name: 'Deli & Co',
      valid_from: february,
      hk_restaurant_names_hashdiff: 'd45f2609-79a6-5432-a538-2750e99c0e26',
    },
  ],
  'dds.s_product_names': [
    {
      h_product_pk: d1,
      name: 'Soup',
      valid_from: first,
      hk_product_names_hashdiff: '216a6d4e-9956-5e77-9e6f-f181174433e7',
    },
    {
      h_product_pk: d2,
      name: 'Tea',
      valid_from: first,
      hk_product_names_hashdiff: '9c6c6c53-cce0-5dd8-9f94-9e97bde0fe78',
    },
    {
      h_product_pk: d2,
      name: 'Green tea',
      valid_from: february,
      hk_product_names_hashdiff: 'dddd5175-2420-58b3-818e-0a2ee6cfa593',
    },
  ],
  'dds.s_product_category': [
    {
      hk_product_category_pk: soupHot,
      valid_from: first,
      hk_product_category_hashdiff: '8cae3afe-53bc-546e-8228-9a17723e8c87',
    },
    {
      hk_product_category_pk: teaDrinks,
      valid_from: first,
      hk_product_category_hashdiff: '83fb0060-908b-5ca0-8d4f-09d94aecb8d4',
    },
    {
      hk_product_category_pk: teaDrinks,
      valid_from: february,
      hk_product_category_hashdiff: '83fb0060-908b-5ca0-8d4f-09d94aecb8d4',
    },
  ],
  'dds.s_order_status': [
    {
      h_order_pk: order,
      status: 'OPEN',
      valid_from: '2024-01-02 11:00:00',
      hk_order_status_hashdiff: '5d626552-8db5-5f27-a741-0fd4f1dd2eec',
    },
    {
      h_order_pk: order,
      status: 'CLOSED',
      valid_from: '2024-01-02 12:00:00',
      hk_order_status_hashdiff: 'eaadbe22-4b51-5667-8321-e7ba2303a741',
    },
    {
      h_order_pk: order,
      status: 'CLOSED',
      valid_from: '2024-02-02 12:00:00',
      hk_order_status_hashdiff: 'eaadbe22-4b51-5667-8321-e7ba2303a741',
    },
  ],
  'dds.s_order_cost': [
    {
      h_order_pk: order,
      order_version: opened.version,
      cost: '2',
      payment: '0',
      valid_from: '2024-01-02 11:00:00',
      hk_order_cost_hashdiff: '25ae4e2a-cd60-52a7-83bb-c6121fcb4a67',
    },
    {
      h_order_pk: order,
      order_version: closed.version,
      cost: '6.5',
      payment: '6.5',
      valid_from: '2024-01-02 12:00:00',
      hk_order_cost_hashdiff: '65a249a7-12cd-5fa7-86bf-2728aa3daf94',
    },
    {
      h_order_pk: order,
      order_version: corrected.version,
      cost: '1',
      payment: '1',
      valid_from: '2024-02-02 12:00:00',
      hk_order_cost_hashdiff: '715a5922-5b4a-5e92-955c-e9e53d72fcac',
    },
  ],
  'dds.s_order_details': [
    {
      h_order_pk: order,
      order_version: opened.version,
      final_status: 'OPEN',
      order_dt: '2024-01-02 11:00:00',
      sent_dttm: '2024-01-02 11:00:01',
      bonus_payment: '0',
      bonus_grant: '0',
      valid_from: '2024-01-02 11:00:00',
      hk_order_details_hashdiff: 'd2864ea8-abda-55c0-8487-41c425b02867',
    },
    {
      h_order_pk: order,
      order_version: closed.version,
      final_status: 'CLOSED',
      order_dt: '2024-01-02 11:00:00',
      sent_dttm: '2024-01-02 12:00:01',
      bonus_payment: '0',
      bonus_grant: '0.05',
      valid_from: '2024-01-02 12:00:00',
      hk_order_details_hashdiff: '9d19860b-85e3-5e2b-81b2-80bf250c18e1',
    },
    {
      h_order_pk: order,
      order_version: corrected.version,
      final_status: 'CLOSED',
      order_dt: '2024-01-02 11:00:00.5',
      sent_dttm: '2024-02-02 12:00:01',
      bonus_payment: '0',
      bonus_grant: '0',
      valid_from: '2024-02-02 12:00:00',
      hk_order_details_hashdiff: '9730d53a-dd25-529d-aa39-6847c1c06d5b',
    },
  ],
  'dds.s_order_product': [
    {
      hk_order_product_pk: orderTea,
      order_version: opened.version,
      line: '1',
      name: 'Tea',
      price: '2',
      quantity: '1',
      category_name: 'Drinks',
      valid_from: '2024-01-02 11:00:00',
      hk_order_product_hashdiff: '8f0ba43a-0d61-59da-a4ca-ed5d34d2f4fb',
    },
    {
      hk_order_product_pk: orderSoup,
      order_version: closed.version,
      line: '1',
      name: 'Soup of the day',
      price: '1.5',
      quantity: '1',
      category_name: 'Hot',
      valid_from: '2024-01-02 12:00:00',
      hk_order_product_hashdiff: '0c3d23c2-fcac-587f-9235-a4b2e42cf888',
    },
    {
      hk_order_product_pk: orderSoup,
      order_version: closed.version,
      line: '2',
      name: 'Soup of the day',
      price: '1.5',
      quantity: '2',
      category_name: 'Hot',
      valid_from: '2024-01-02 12:00:00',
      hk_order_product_hashdiff: '20fe88ed-9971-5e76-b464-7b5a05bd11d3',
    },
    {
      hk_order_product_pk: orderTea,
      order_version: closed.version,
      line: '3',
      name: 'Tea',
      price: '2',
      quantity: '1',
      category_name: 'Drinks',
      valid_from: '2024-01-02 12:00:00',
      hk_order_product_hashdiff: '8f0ba43a-0d61-59da-a4ca-ed5d34d2f4fb',
    },
    {
      hk_order_product_pk: orderSoup,
      order_version: corrected.version,
      line: '1',
      name: 'Soup',
      price: '1',
      quantity: '1',
      category_name: 'Hot',
      valid_from: '2024-02-02 12:00:00',
      hk_order_product_hashdiff: 'f0bd71a6-2150-5ac2-8736-ae1f0493ad49',
    },
  ],

  'cdm.users': [{ user_id: u1, source_user_id: 'u1', closed_order_cnt: '1' }],
  'cdm.order_versions': [
    {
      order_id: order,
      object_id: '1',
      order_version: corrected.version,
      user_id: u1,
      restaurant_id: r1,
      status: 'CLOSED',
      order_dt: '2024-01-02 11:00:00.5',
      cost: '1',
      payment: '1',
      products: `${d1} ${hot} 1 1`,
    },
  ],
  'cdm.user_product_counters': [{ user_id: u1, product_id: d1, product_name: 'Soup', order_cnt: '1' }],
  'cdm.user_category_counters': [{ user_id: u1, category_id: hot, category_name: 'Hot', order_cnt: '1' }],
  'cdm.restaurant_category_counters': [
    {
      restaurant_id: r1,
      restaurant_name: 'Deli & Co',
      category_id: hot,
      category_name: 'Hot',
      order_cnt: '1',
    },
  ],
  'cdm.category_popularity': [{ category_id: hot, category_name: 'Hot', order_cnt: '1', user_cnt: '1' }],
  'cdm.product_popularity': [{ product_id: d1, order_cnt: '1', user_cnt: '1' }],
  'cdm.daily_sales': [
    {
      day: '2024-01-02',
      restaurant_id: r1,
      order_cnt: '1',
      closed_order_cnt: '1',
      cost: '1',
      payment: '1',
    },
  ],
  'cdm.product_names': [
    { product_id: d1, product_name: 'Soup', valid_from: first, spreading: 'false' },
    { product_id: d2, product_name: 'Green tea', valid_from: february, spreading: 'false' },
  ],
  'cdm.restaurant_names': [
    { restaurant_id: r1, restaurant_name: 'Deli & Co', valid_from: february, spreading: 'false' },
  ],
};
