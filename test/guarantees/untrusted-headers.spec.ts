import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Header } from '@app/kafka/outgoing-message';
import { runTool } from '../harness/run-tool';
import type { StoredMessage } from '../harness/scratch-topics';
import type { RawHeader } from '../harness/send-raw';
import { usePipeline } from '../harness/use-pipeline';
import { dictionary, userEntry } from './orders/small-town';
import { sourceText } from './orders/source-text';
import { sources } from '../harness/pipeline';

/*
 * Guarantee 6, for headers: names and values are bytes that anybody may choose, in any order, as often as they like,
 * with no value at all. A message that is refused or parked keeps them as they came.
 */
const services = ['stg', 'dds', 'cdm'] as const;

const OWN = [
  ...['reason', 'message', 'topic', 'partition', 'offset', 'timestamp', 'service'].map(
    (name) => `dlq.${name}`,
  ),
  ...['topic', 'partition', 'offset', 'connector.name', 'task.id', 'stage', 'class.name'].map(connectError),
  ...['class.name', 'message', 'stacktrace'].map((name) => connectError(`exception.${name}`)),
];

function connectError(name: string): string {
  return `__connect.errors.${name}`;
}

const untrusted: RawHeader[] = [
  ['b', 'first'],
  ['__proto__', 'x'],
  ['none', null],
  ['b', 'second'],
  ['constructor', null],
  ['toString', 'y'],
  ['hasOwnProperty', ''],
  ['', 'no name'],
  ['dlq.reason', 'theirs'],
  ['dlq.offset', '77'],
  ['dlq.own', null],
  ['__connect.errors.stage', 'theirs'],
  ['b', null],
  [Buffer.from([0xff, 0xfe]), Buffer.from([0xff, 0x00])],
  ['a NUL \0', 'z'],
  ['10', 'a number'],
];
const thousand = Array.from({ length: 1_000 }, (_, place): RawHeader => [
  `h${place % 7}`,
  place % 5 === 0 ? null : `value ${place}`,
]);

/** Comparable, whatever the bytes are. */
function texts(headers: readonly (RawHeader | Header)[]): (string | null)[][] {
  return headers.map((header) => header.map((part) => part && Buffer.from(part).toString('latin1')));
}

/** Those of the message, then those of the service: what a dead letter has. */
function parts({ headerList = [] }: StoredMessage) {
  const own = headerList.slice(-OWN.length).map(([name, value]) => [String(name), String(value)]);
  return { original: texts(headerList.slice(0, -OWN.length)), own: Object.fromEntries(own) };
}

const pipeline = usePipeline();
const brokers = inject('stack').KAFKA_BROKERS;

beforeAll(() => pipeline.dictionary.put(dictionary));

function tool(name: 'dead-letters' | 'parked', ...args: string[]) {
  return runTool(name, args, {
    KAFKA_BROKERS: brokers,
    DATABASE_URL: pipeline.database.loginUrls.operator,
    DEAD_LETTER_TOPIC: pipeline.topics.name('stg-service-dlq'),
  });
}

async function letterAt(service: (typeof services)[number], offset: bigint): Promise<StoredMessage> {
  const letters = (await pipeline.deadLetters(service)).filter(
    (letter) => parts(letter).own['dlq.offset'] === String(offset),
  );
  expect(letters).toHaveLength(1);
  return letters[0]!;
}

describe.each(services)('a message with untrusted headers that %s refuses', (service) => {
  it.each([
    ['odd names', untrusted],
    ['a thousand', thousand],
    ['none', []],
  ])('keeps them: %s', async (_, headers) => {
    const offset = await pipeline.topics.sendRaw(sources[service], [{ key: 'k', value: '{', headers }]);
    await pipeline.settled();
    const letter = await letterAt(service, offset);
    const { original, own } = parts(letter);
    expect(original).toEqual(texts(headers));
    expect(Object.keys(own)).toEqual(OWN);
    expect(own).toMatchObject({
      'dlq.reason': 'invalid_json',
      'dlq.service': service,
      '__connect.errors.offset': String(offset),
      '__connect.errors.stage': 'VALUE_CONVERTER',
    });
    expect([String(letter.key), String(letter.value)]).toEqual(['k', '{']);
  });
});

describe('an order with untrusted headers', () => {
  it('goes through all services', async () => {
    await pipeline.topics.sendRaw(sources.stg, [{ value: sourceText({ id: 1 }), headers: untrusted }]);
    await pipeline.settled();
    for (const name of ['dds', 'cdm'] as const) {
      const messages = await pipeline.topics.read(sources[name]);
      const captured = messages.find(({ value }) => String(value).includes('"object_id":1,'));
      expect(captured!.headerList).toEqual([]);
      const message = { key: captured!.key, value: captured!.value, headers: untrusted };
      await pipeline.topics.sendRaw(sources[name], [message]);
    }
    await pipeline.settled();
    const orders = await pipeline.database.rows('SELECT object_id FROM cdm.order_versions');
    expect(orders).toEqual([{ object_id: '1' }]);
  });

  it('is parked and released', async () => {
    const messages = [
      { value: sourceText({ id: 2, user: 'late' }), headers: untrusted },
      { value: sourceText({ id: 3, user: 'late' }), headers: thousand },
    ];
    await pipeline.topics.sendRaw(sources.stg, messages);
    await pipeline.settled();
    expect(await parkedOrders()).toEqual(['2', '3']);
    await pipeline.dictionary.put({ late: userEntry('late', 'Late') });
    await expect.poll(parkedOrders).toEqual([]);
    await pipeline.settled();
    const orders = await pipeline.database.rows('SELECT object_id FROM cdm.order_versions ORDER BY 1');
    expect(orders).toEqual([1, 2, 3].map((id) => ({ object_id: String(id) })));
  });

  it('is parked, discarded and replayed as it came, and an older row with what it has', async () => {
    const first = await pipeline.topics.sendRaw(
      sources.stg,
      [
        untrusted,
        thousand,
        [
          ['a', 'x'],
          ['b', 'y'],
          ['a', 'z'],
        ] as RawHeader[],
      ].map((headers, place) => ({
        value: sourceText({ id: 4 + place, user: 'never' }),
        headers,
      })),
    );
    await pipeline.settled();
    await pipeline.database.rows(
      'UPDATE stg.pending_orders SET message_header_list = NULL WHERE object_id = 6',
    );
    const discarded = await tool('parked', 'discard', '--all', '--execute');
    expect(discarded.stderr).toBe('');
    const parked = () => pipeline.database.rows('SELECT FROM stg.pending_orders');
    // A row leaves once the broker has acknowledged its dead letter.
    await expect.poll(parked).toEqual([]);
    const letters = await Promise.all([0n, 1n, 2n].map((place) => letterAt('stg', first + place)));
    expect(parts(letters[0]!).original).toEqual(texts(untrusted));
    expect(parts(letters[1]!).original).toEqual(texts(thousand));
    expect(parts(letters[2]!).original).toEqual(
      texts([
        ['a', 'x'],
        ['a', 'z'],
        ['b', 'y'],
      ]),
    );
    expect(letters.map((letter) => parts(letter).own['dlq.reason'])).toEqual(Array(3).fill('no_dictionary'));

    const { topic, partition, offset } = letters[0]!;
    const shown = await tool('dead-letters', 'show', `${topic}:${partition}:${offset}`);
    expect(shown.stdout).toContain('reason       no_dictionary');
    expect(shown.stdout).toContain('  dlq.reason: theirs\n');
    expect(shown.stdout).toContain('  none: (none)\n');

    const before = await pipeline.topics.read(sources.stg);
    const replayed = await tool(
      'dead-letters',
      'replay',
      '--topic',
      topic,
      '--reason',
      'no_dictionary',
      '--execute',
    );
    expect(replayed.stderr).toBe('');
    const again = (await pipeline.topics.read(sources.stg)).filter(
      (message) =>
        !before.some((known) => known.partition === message.partition && known.offset === message.offset),
    );
    const sent = new Map(again.map(({ value, headerList }) => [String(value), texts(headerList!)]));
    expect(sent.get(sourceText({ id: 4, user: 'never' }))).toEqual(texts(untrusted));
    expect(sent.get(sourceText({ id: 5, user: 'never' }))).toEqual(texts(thousand));
    await pipeline.settled();
    expect(await parkedOrders()).toEqual(['4', '5', '6']);
  });

  it('is parked where the release before can read it', async () => {
    const rows = await pipeline.database.rows<{ headers: Record<string, string[]> }>(
      'SELECT message_headers AS headers FROM stg.pending_orders WHERE object_id = 4',
    );
    const values = Object.values(rows[0]!.headers).flat();
    expect(values).toHaveLength(untrusted.length);
    expect(values.every((value) => typeof value === 'string')).toBe(true);
  });
});

async function parkedOrders(): Promise<string[]> {
  const rows = await pipeline.database.rows<{ object_id: string }>(
    'SELECT object_id FROM stg.pending_orders ORDER BY object_id',
  );
  return rows.map(({ object_id }) => object_id);
}
