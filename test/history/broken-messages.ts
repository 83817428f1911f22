/** An order that is complete, as a text to be broken. */
const sound = `{"object_id":77,"object_type":"order","sent_dttm":"2023-08-12 06:07:15","payload":{
  "restaurant":{"id":"r"},"date":"2023-08-05 06:28:54","user":{"id":"u"},
  "order_items":[{"id":"d","name":"n","price":400,"quantity":5}],
  "bonus_payment":0,"cost":2000,"payment":2000,"bonus_grant":0,
  "statuses":[{"status":"CLOSED","dttm":"2023-08-05 06:28:54"}],
  "final_status":"CLOSED","update_ts":"2023-08-05 06:28:54"}}`;

/** Values of every kind; each is wrong in nearly every place. */
const values = [undefined, null, true, [], {}, [[]], [{}], -1, 0.5, '', 'текст'];

/** Members of an order, with the values that they may have. */
const members: { path: (string | number)[]; allowed?: unknown[] }[] = [
  { path: ['object_id'] },
  { path: ['sent_dttm'] },
  { path: ['payload', 'restaurant'] },
  { path: ['payload', 'restaurant', 'id'], allowed: ['текст'] },
  { path: ['payload', 'date'] },
  { path: ['payload', 'user'] },
  { path: ['payload', 'user', 'id'], allowed: ['текст'] },
  { path: ['payload', 'order_items'], allowed: [[]] },
  { path: ['payload', 'order_items', 0] },
  { path: ['payload', 'order_items', 0, 'id'], allowed: ['текст'] },
  { path: ['payload', 'order_items', 0, 'name'], allowed: ['', 'текст'] },
  { path: ['payload', 'order_items', 0, 'price'], allowed: [0.5] },
  { path: ['payload', 'order_items', 0, 'quantity'] },
  { path: ['payload', 'bonus_payment'], allowed: [0.5] },
  { path: ['payload', 'cost'], allowed: [0.5] },
  { path: ['payload', 'payment'], allowed: [0.5] },
  { path: ['payload', 'bonus_grant'], allowed: [0.5] },
  { path: ['payload', 'statuses'], allowed: [[]] },
  { path: ['payload', 'statuses', 0] },
  { path: ['payload', 'statuses', 0, 'status'] },
  { path: ['payload', 'statuses', 0, 'dttm'] },
  { path: ['payload', 'final_status'] },
  { path: ['payload', 'update_ts'] },
];

/** Orders with one member that is missing or of another kind. */
const misshapen = members.flatMap(({ path, allowed = [] }) => {
  const fine = new Set(allowed.map((value) => JSON.stringify(value)));
  return values
    .filter((value) => !fine.has(JSON.stringify(value)))
    .map((value) => JSON.stringify(withValue(path, value)));
});

const texts = [
  sound.slice(0, -1),
  `${sound}x`,
  `\uFEFF${sound}`,
  'null',
  '[]',
  '"order"',
  '12',
  '{"object_type":"order","payload":[]}',
  '{"object_type":"order","payload":"x"}',
  '{"object_type":7}',
  '{"object_type":"menu","note":"\\u0000"}',
  '{"object_type":"menu","\\ud800":1}',
  '{"object_type":"menu","note":["\\udc00\\ud800"]}',
  sound.replace('"n"', '"n\\u0000"'),
  sound.replace('"n"', '"\\ud83d"'),
  sound.replace('"n"', '"a\u0000b"'),
  sound.replace('400', '0400'),
  sound.replace('400', '-400'),
  sound.replace('400', '0.000001'),
  sound.replace('400', '100000000000000'),
  sound.replace('400', '1e400'),
  sound.replace('400', 'NaN'),
  sound.replace('400', '"400"'),
  sound.replace('":5', '":0'),
  sound.replace('":5', '":1.5'),
  sound.replace('":5', '":9223372036854775808'),
  sound.replace('77', '9223372036854775808'),
  sound.replace('77', '-77'),
  sound.replace('77', '"77"'),
  sound.replaceAll('CLOSED', 'closed'),
  sound.replace('"CLOSED","dttm"', '"RETURNED","dttm"'),
  sound.replace('2023-08-12 06', '2023-02-30 06'),
  sound.replace('2023-08-12 06', '2023-08-12 24'),
  sound.replace('06:07:15', '06:07:15Z'),
  sound.replace('06:07:15', '06:07:15.1234567'),
  sound.replace('06:07:15', '06:07'),
  sound.replace('2023-08-12 06:07:15', '2023-08-12  06:07:15'),
  `{"object_type":"menu","deep":${'['.repeat(600)}${']'.repeat(600)}}`,
  `{"object_type":"menu","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
];

/** Messages that are refused for what they are, whatever else there is. */
export const brokenMessages: (Buffer | null)[] = [
  null,
  Buffer.alloc(0),
  Buffer.from([0xff, 0xfe]),
  Buffer.concat([Buffer.from(sound.slice(0, 100)), Buffer.from([0xd0]), Buffer.from(sound.slice(100))]),
  Buffer.from([0x7b, 0xed, 0xa0, 0x80, 0x7d]),
  ...[...texts, ...misshapen].map((text) => Buffer.from(text)),
];

function withValue(path: (string | number)[], value: unknown): unknown {
  const order = JSON.parse(sound);
  const place = path.slice(0, -1).reduce((object, name) => object[name], order);
  place[path.at(-1)!] = value;
  return order;
}
