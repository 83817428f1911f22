import type { ServiceName } from '../../harness/service-process';

export interface BadMessage {
  what: string;
  reason: string;
  value: Buffer | null;
}

type Path = (string | number)[];

/** What can be wrong with a field, for each topic: where, and with which value; undefined takes the member away. */
const wrongFields: Record<ServiceName, [what: string, path: string, value: unknown][]> = {
  stg: [
    ['a negative id', 'object_id', -1],
    ['an id beyond 64 bits', 'object_id', 9.3e18],
    ['no id', 'object_id', undefined],
    ['an id as a text', 'object_id', '7'],
    ['an object_type that is a number', 'object_type', 7],
    ['a payload that is a list', 'payload', []],
    ['a payload that is a text', 'payload', 'order'],
    ['no time of sending', 'sent_dttm', undefined],
    ['an impossible day', 'payload.date', '2024-02-30 12:00:00'],
    ['an impossible hour', 'payload.update_ts', '2024-02-28 24:00:00'],
    ['a time with a zone', 'payload.update_ts', '2024-02-28 12:00:00+03'],
    ['a time that is a number', 'payload.update_ts', 1709100000],
    ['a day without a time', 'payload.date', '2024-02-28'],
    ['an unknown final status', 'payload.final_status', 'EATEN'],
    ['an unknown status in the history', 'payload.statuses.0.status', 'closed'],
    ['a status without its time', 'payload.statuses.0.dttm', undefined],
    ['statuses that are no list', 'payload.statuses', {}],
    ['a status that is null', 'payload.statuses.0', null],
    ['no user', 'payload.user', undefined],
    ['a user without an id', 'payload.user.id', undefined],
    ['a user with an empty id', 'payload.user.id', ''],
    ['a user that is a text', 'payload.user', 'u1'],
    ['a user that is a list', 'payload.user', []],
    ['a restaurant that is null', 'payload.restaurant', null],
    ['a restaurant whose id is a number', 'payload.restaurant.id', 7],
    ['items that are no list', 'payload.order_items', null],
    ['an item that is a list', 'payload.order_items.0', []],
    ['an item without an id', 'payload.order_items.0.id', undefined],
    ['an item without a name', 'payload.order_items.0.name', undefined],
    ['an item without a price', 'payload.order_items.0.price', undefined],
    ['a quantity of 0', 'payload.order_items.0.quantity', 0],
    ['a negative quantity', 'payload.order_items.0.quantity', -1],
    ['a fractional quantity', 'payload.order_items.0.quantity', 1.5],
    ['a quantity that is a text', 'payload.order_items.0.quantity', '1'],
    ['a negative price', 'payload.order_items.0.price', -0.01],
    ['a price with six decimals', 'payload.order_items.0.price', 0.000001],
    ['a price that is a text', 'payload.order_items.0.price', '1'],
    ['a negative cost', 'payload.cost', -1],
    ['a cost that no column holds', 'payload.cost', 1e14],
    ['no payment', 'payload.payment', undefined],
    ['a negative bonus', 'payload.bonus_grant', -5],
    ['a bonus that is null', 'payload.bonus_payment', null],
    ['a cost that is true', 'payload.cost', true],
  ],
  dds: [
    ['no payload', 'payload', undefined],
    ['another object_type', 'object_type', 'user'],
    ['a payload that is null', 'payload', null],
    ['an id that is a text', 'payload.id', '7'],
    ['no order version', 'payload.order_version', undefined],
    ['a version of another form', 'payload.order_version', 'newest'],
    ['an impossible day', 'payload.date', '2023-02-29 12:00:00'],
    ['no time of the version', 'payload.update_ts', undefined],
    ['an unknown status', 'payload.status', 'EATEN'],
    ['no statuses', 'payload.statuses', undefined],
    ['a status that is a text', 'payload.statuses.0', 'CLOSED'],
    ['no user', 'payload.user', undefined],
    ['a user without a name', 'payload.user.name', undefined],
    ['a user with an empty name', 'payload.user.name', ''],
    ['a login that is a number', 'payload.user.login', 7],
    ['a restaurant that is a list', 'payload.restaurant', []],
    ['a restaurant without a time', 'payload.restaurant.valid_from', undefined],
    ['no products', 'payload.products', undefined],
    ['products by name', 'payload.products', {}],
    ['a product without a category', 'payload.products.0.category', undefined],
    ['a product with an empty category', 'payload.products.0.category', ''],
    ['a product without the ordered name', 'payload.products.0.ordered_name', undefined],
    ['a negative price', 'payload.products.0.price', -1],
    ['a fractional quantity', 'payload.products.0.quantity', 0.5],
    ['a negative quantity', 'payload.products.0.quantity', -1],
    ['a negative cost', 'payload.cost', -1],
    ['a payment that is a text', 'payload.payment', '1'],
  ],
  cdm: [
    ['no payload', 'payload', undefined],
    ['another object_type', 'object_type', 'user'],
    ['an order id that is no hash key', 'payload.order_id', '7'],
    ['a user id that is no hash key', 'payload.user_id', 'u1'],
    ['no source id of the user', 'payload.source_user_id', undefined],
    ['no order version', 'payload.order_version', undefined],
    ['an unknown status', 'payload.status', 'closed'],
    ['an impossible day', 'payload.date', '2024-13-01 12:00:00'],
    ['a negative cost', 'payload.cost', -1],
    ['no payment', 'payload.payment', undefined],
    ['no restaurant', 'payload.restaurant', undefined],
    ['a restaurant with an empty name', 'payload.restaurant.name', ''],
    ['categories that are a list', 'payload.categories', []],
    ['no categories', 'payload.categories', undefined],
    ['a category without a hash key', 'payload.categories', { soups: { category_name: 'a', order_cnt: 1 } }],
    ['products of a category that is not listed', 'payload.categories', {}],
    ['products that are a list', 'payload.products', []],
    ['no products', 'payload.products', undefined],
    ['a product without a hash key', 'payload.products', { borscht: {} }],
    ['two orders in one', 'payload.products.*.order_cnt', 2],
    ['a product without a name', 'payload.products.*.product_name', undefined],
    ['lines that are no list', 'payload.products.*.lines', {}],
    ['a negative price', 'payload.products.*.lines.0.price', -1],
    ['a fractional quantity', 'payload.products.*.lines.0.quantity', 1.5],
    ['a product that is null', 'payload.products.*', null],
  ],
};

/**
 * What can be wrong with a message of a topic, made from one that is sound and has a name with a letter beyond ASCII.
 */
export function badMessages(service: ServiceName, sound: string): BadMessage[] {
  const bytes = Buffer.from(sound);
  const half = bytes.subarray(0, bytes.length >> 1);
  const unread: [what: string, reason: string, value: Buffer | string | null][] = [
    ['no value', 'empty', null],
    ['zero bytes', 'empty', ''],
    ['half a message', 'invalid_json', half],
    ['something behind the message', 'invalid_json', `${sound}}`],
    ['blanks', 'invalid_json', ' \n'],
    ['a word', 'invalid_json', 'order'],
    ['a byte order mark', 'invalid_json', `\uFEFF${sound}`],
    ['a list', 'invalid_json', `[${sound}]`],
    ['a text', 'invalid_json', JSON.stringify(sound)],
    ['a number', 'invalid_json', '42'],
    ['null', 'invalid_json', 'null'],
    ['true', 'invalid_json', 'true'],
    ['lists in 100,000 levels', 'invalid_json', withMember(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    [
      'a byte that is not UTF-8',
      'not_utf8',
      Buffer.concat([half, Buffer.from([0xff]), bytes.subarray(half.length)]),
    ],
    ['a surrogate in UTF-8', 'not_utf8', Buffer.concat([bytes, Buffer.from([0xed, 0xa0, 0x80])])],
    ['UTF-16', 'not_utf8', Buffer.from(`\uFEFF${sound}`, 'utf16le')],
    ['a NUL byte in a text', 'invalid_json', withMember('"a\u0000b"')],
    ['an escaped NUL', 'invalid_text', withMember('"a\\u0000b"')],
    ['an escaped NUL in a name', 'invalid_text', `{"\\u0000":1,${sound.slice(1)}`],
    ['a lone high surrogate', 'invalid_text', withMember('"\\ud83d"')],
    ['a lone low surrogate', 'invalid_text', withMember('"\\ude00 \\ud83d"')],
  ];
  return [
    ...unread.map(([what, reason, value]) => ({
      what,
      reason,
      value: value === null ? null : Buffer.from(value),
    })),
    ...wrongFields[service].map(([what, path, value]) => ({
      what,
      reason: 'invalid_message',
      value: Buffer.from(JSON.stringify(withValue(JSON.parse(sound), path.split('.'), value))),
    })),
  ];

  function withMember(value: string): string {
    return `{"extra":${value},${sound.slice(1)}`;
  }
}

/** @param path `*` is the first member, whatever its name */
function withValue(message: unknown, path: Path, value: unknown): unknown {
  const names = [...path];
  let place = message as Record<string, unknown>;
  while (names.length > 1) {
    place = place[nameIn(place, names.shift()!)] as Record<string, unknown>;
  }
  const name = nameIn(place, names[0]!);
  if (!(name in place)) {
    throw new Error(`the sound message has no ${path.join('.')}`);
  }
  if (value === undefined) {
    delete place[name];
  } else {
    place[name] = value;
  }
  return message;
}

function nameIn(place: object, name: string | number): string {
  return name === '*' ? Object.keys(place)[0]! : String(name);
}
