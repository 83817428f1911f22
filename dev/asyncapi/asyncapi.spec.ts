import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { hashKeyForm } from '@app/contracts/contract-rules';
import { MessageRefused } from '@app/contracts/dead-letter.contract';
import { parseMessage } from '@app/contracts/parse-message';
import { SourceOrder } from '@app/contracts/source-order.contract';
import { sourceOrder } from '@app/contracts/source-order-example';
import { StagedOrder } from '@app/contracts/staged-order.contract';
import { stagedOrder } from '@app/contracts/staged-order-example';
import { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import { userTagEvent } from '@app/contracts/user-tag-event-example';
import { validated } from '@app/contracts/validate';
import { VaultOrder } from '@app/contracts/vault-order.contract';
import { CATEGORY, vaultOrder, vaultProduct } from '@app/contracts/vault-order-example';
import { deadLetter } from '@app/batches/dead-letter';
import { makeDictionary } from '../orders/dictionary';
import { orderHistory } from '../orders/order-history';
import { topicTable } from '../../ops/topics/topic-table';
import { asyncapiText } from './asyncapi-document';
import { MessageSchemas } from '../../test/harness/message-schemas';
import { ruleSchemas } from './rule-schemas';

const text = readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8');
const schemas = new MessageSchemas(text);
const contracts = { SourceOrder, StagedOrder, VaultOrder, UserTagEvent };
const examples = {
  SourceOrder: sourceOrder(),
  StagedOrder: stagedOrder(),
  VaultOrder: vaultOrder(),
  UserTagEvent: userTagEvent(),
};
type Name = keyof typeof contracts;

const hashKey = vaultOrder().payload.order_id;
const line = { price: 180, quantity: 1 };

/** At a place of the example of a message, JSON that breaks the rule there. */
const broken: [rule: string, message: Name, path: string, json: string[]][] = [
  ['isOrderId', 'SourceOrder', 'object_id', ['-1', '0.5', '1e30', '"7"', 'null']],
  ['isOrderType', 'SourceOrder', 'object_type', ['"user"', 'null']],
  [
    'isSourceTime',
    'SourceOrder',
    'payload.date',
    [
      '2023-02-29 00:00:00',
      '2100-02-29 00:00:00',
      '2023-04-31 00:00:00',
      '2023-13-01 00:00:00',
      '0000-01-01 00:00:00',
      '2023-08-05',
      '2023-08-05 24:00:00',
      '2023-08-05 06:60:00',
      '2023-08-05 06:28:54Z',
      '2023-08-05 06:28:54.1234567',
    ].map((time) => JSON.stringify(time)),
  ],
  ['isKey', 'SourceOrder', 'payload.user.id', ['""', '7', 'null']],
  ['isText', 'SourceOrder', 'payload.order_items.0.name', ['7', 'null']],
  ['isMoney', 'SourceOrder', 'payload.cost', ['-1', '1.000001', '100000000000000', '"1"']],
  ['isQuantity', 'SourceOrder', 'payload.order_items.0.quantity', ['0', '1.5', '"1"']],
  ['isOrderStatus', 'SourceOrder', 'payload.final_status', ['"closed"', '"LOST"']],
  ['a list', 'SourceOrder', 'payload.statuses', ['{}', 'null']],
  ['an object', 'SourceOrder', 'payload.restaurant', ['[]', '"x"']],
  ['isTextOrNull', 'StagedOrder', 'payload.user.login', ['7', '{}']],
  [
    'isOrderVersion',
    'StagedOrder',
    'payload.order_version',
    ['"x"', '"2022-11-19 16:06:36|2022-11-19 16:06:40|0f"'],
  ],
  ['isHashKey', 'VaultOrder', 'payload.user_id', [JSON.stringify(hashKey.toUpperCase()), '"x"']],
  ['isOneOrder', 'VaultOrder', `payload.categories.${CATEGORY}.order_cnt`, ['2', '0']],
  ['isByHashKey', 'VaultOrder', 'payload.categories', ['{"x":{"category_name":"y","order_cnt":1}}', '[]']],
  [
    'a record',
    'VaultOrder',
    'payload.products',
    [JSON.stringify({ [hashKey]: { ...vaultProduct, lines: [{ ...line, price: -1 }] } })],
  ],
  ['isTagEventKind', 'UserTagEvent', 'event', ['"changed"']],
  ['isOrderCount', 'UserTagEvent', 'order_cnt', ['-1', '0.5']],
  ['isIso8601', 'UserTagEvent', 'at', ['"yesterday"', '7']],
];

/** The same, with JSON that keeps it. */
const kept: [message: Name, path: string, json: string[]][] = [
  ['SourceOrder', 'object_id', ['0', '9007199254740993', '9223372036854775807', '2301365.0']],
  [
    'SourceOrder',
    'payload.date',
    ['"2023-08-05T06:28:54.123456"', '"2024-02-29 00:00:00"', '"2000-02-29 23:59:59.5"'],
  ],
  ['SourceOrder', 'payload.cost', ['0', '4.35', '0.00001', '1.1e1', '9999999999.99999']],
  ['SourceOrder', 'payload.order_items', ['[]']],
  ['SourceOrder', 'payload.order_items.0.name', ['""']],
  ['SourceOrder', 'payload.something', ['{"new":true}']],
  ['StagedOrder', 'payload.user.login', ['null', '""']],
  ['VaultOrder', 'payload.products', ['{}']],
];

// The parser of AsyncAPI takes seconds on a busy machine.
describe('docs/asyncapi.json', { timeout: 60_000 }, () => {
  it('says what contracts and topics say (npm run asyncapi writes it again)', async () => {
    expect(text).toBe(await asyncapiText());
  });

  it('is valid to the parser of AsyncAPI', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(
      document!
        .channels()
        .all()
        .map((channel) => channel.address()),
    ).toEqual(topicTable.map(({ topic }) => topic));
    expect(document!.operations().all()).toHaveLength(9);
  });

  it.each(Object.keys(contracts) as Name[])('takes the example of %s, as its contract does', (name) => {
    expect([schemas.problems(name, examples[name]), refusalOf(name, JSON.stringify(examples[name]))]).toEqual(
      [[], undefined],
    );
  });

  it.each(
    broken.flatMap(([rule, name, path, values]) => values.map((json) => [rule, name, path, json] as const)),
  )('%s: refuses in %s, as %s, %s, as its contract does', (_, name, path, json) => {
    const message = changed(examples[name], path, json);
    expect(refusalOf(name, message)).toBe('invalid_message');
    expect(schemas.problems(name, JSON.parse(message))).not.toEqual([]);
  });

  it.each(kept.flatMap(([name, path, values]) => values.map((json) => [name, path, json] as const)))(
    'takes in %s, as %s, %s, as its contract does',
    (name, path, json) => {
      const message = changed(examples[name], path, json);
      expect([schemas.problems(name, JSON.parse(message)), refusalOf(name, message)]).toEqual([
        [],
        undefined,
      ]);
    },
  );

  it.each(Object.keys(contracts) as Name[])('misses a member of %s wherever the contract does', (name) => {
    for (const path of pathsOf(examples[name])) {
      const message = changed(examples[name], path, undefined);
      const isRefused = schemas.problems(name, JSON.parse(message)).length > 0;
      expect([path, isRefused]).toEqual([path, refusalOf(name, message) !== undefined]);
    }
  });

  it('is tried with every rule that a schema can express', () => {
    const tried = new Set(broken.map(([rule]) => rule));
    expect(Object.keys(ruleSchemas).filter((rule) => !tried.has(rule))).toEqual(['isUnderListedCategories']);
  });

  it('takes every order of a history', () => {
    const messages = orderHistory({
      dictionary: makeDictionary({ seed: 7 }),
      seed: 7,
      orders: 300,
      end: Date.UTC(2023, 7, 12),
      firstOrderId: 10_999_900,
    });
    const orders = Array.from(messages).filter(({ reason }) => reason !== 'broken' && reason !== 'non_order');
    expect(orders.length).toBeGreaterThan(400);
    expect(orders.flatMap((order) => schemas.problems('SourceOrder', JSON.parse(order.text)))).toEqual([]);
  });

  it('has the headers of a dead letter', () => {
    const record = {
      topic: 'order-service_orders',
      partition: 0,
      offset: '12',
      timestamp: '0',
      key: null,
      value: null,
      headers: [[Buffer.from('trace'), Buffer.from('b7f1')] as const],
    };
    const letter = deadLetter(
      record,
      { kind: 'refused', reason: 'empty', message: 'the message has no value' },
      'stg',
    );
    const headers = Object.fromEntries(letter.headers!.map(([name, value]) => [String(name), String(value)]));
    expect(schemas.problems('DeadLetterHeaders', headers)).toEqual([]);
    for (const wrong of [
      { 'dlq.reason': 'other' },
      { 'dlq.offset': '-2' },
      { 'dlq.timestamp': 'now' },
      { 'dlq.service': undefined },
      { '__connect.errors.stage': 'other' },
    ]) {
      expect(schemas.problems('DeadLetterHeaders', { ...headers, ...wrong })).not.toEqual([]);
    }
  });
});

/** The reason of the contract, if it refuses the message. */
function refusalOf(name: Name, message: string): string | undefined {
  try {
    validated<object>(contracts[name], parseMessage(Buffer.from(message)));
    return undefined;
  } catch (error) {
    if (error instanceof MessageRefused) {
      return error.reason;
    }
    throw error;
  }
}

/** The message as text, with other JSON at a path of names and places; undefined takes the member away. */
function changed(message: object, path: string, json: string | undefined): string {
  const copy = structuredClone(message) as Record<string, unknown>;
  const steps = path.split('.');
  const last = steps.pop()!;
  const parent = steps.reduce((object, step) => object[step] as Record<string, unknown>, copy);
  parent[last] = json === undefined ? undefined : '@json@';
  return JSON.stringify(copy).replace('"@json@"', () => json!);
}

/** Where members of objects are, those in lists by their place, without those of records. */
function pathsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => [
    ...(Array.isArray(value) || hashKeyForm.test(name) ? [] : [name]),
    ...pathsOf(member).map((path) => `${name}.${path}`),
  ]);
}
