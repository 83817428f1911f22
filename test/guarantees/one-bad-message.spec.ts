import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Client } from 'pg';
import { sources, type Pipeline } from '../harness/pipeline';
import type { SentMessage, StoredMessage } from '../harness/scratch-topics';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import { usePipeline } from '../harness/use-pipeline';
import { hashKey } from '../oracle/hash-key';
import { isLong } from '../history/seed';
import { readiness } from './crash/service-health';
import { badMessages, type BadMessage } from './orders/bad-messages';
import { dictionary, restaurantEntry, userEntry } from './orders/small-town';
import { line, sourceText } from './orders/source-text';
import { MirroredHistory } from './orders/mirrored-history';

/*
 * Guarantee 6: one bad message harms itself alone. It becomes one dead letter, as it came, with its reason; those
 * before and behind it go on. If the dead letter cannot be written, the offset does not move.
 */
const services = ['stg', 'dds', 'cdm'] as const;

/** How long a service is watched that must not go on. */
const WATCHED_MS = isLong ? 4_000 : 1_500;

/** Which column holds the orders that a service has worked off. */
const loaded: Record<ServiceName, string> = {
  stg: 'SELECT object_id AS id FROM stg.order_events',
  dds: 'SELECT order_id AS id FROM dds.h_order',
  cdm: 'SELECT object_id AS id FROM cdm.order_versions',
};

/** A message has come, the service waits with it and says so, and the offset does not move. */
async function expectHeld(pipeline: Pipeline, service: ServiceProcess): Promise<void> {
  const { name } = service;
  await expect.poll(() => pipeline.unread(name), { message: name }).not.toEqual([]);
  await expect.poll(async () => (await readiness(service)).status, { message: name }).toBe(503);
  await sleep(WATCHED_MS);
  expect(await pipeline.unread(name)).not.toEqual([]);
}

async function loadedOrders(pipeline: Pipeline, service: ServiceName): Promise<number[]> {
  const rows = await pipeline.database.rows<{ id: string }>(loaded[service]);
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

/** The dead letters of a service, with their reasons by offset. */
async function reasons(pipeline: Pipeline, service: ServiceName): Promise<Record<string, string>> {
  const letters = await pipeline.deadLetters(service);
  const byOffset = Object.fromEntries(
    letters.map(({ headers }) => [String(headers['dlq.offset']), String(headers['dlq.reason'])]),
  );
  expect(letters).toHaveLength(Object.keys(byOffset).length);
  return byOffset;
}

describe('a bad message among good ones for stg', { tags: ['short'] }, () => {
  harmsItselfAlone('stg');
});
describe('a bad message among good ones for dds', () => {
  harmsItselfAlone('dds');
});
describe('a bad message among good ones for cdm', () => {
  harmsItselfAlone('cdm');
});

function harmsItselfAlone(service: ServiceName): void {
  const pipeline = usePipeline();
  let cases: BadMessage[];
  let sent: StoredMessage[];
  let letters: StoredMessage[];

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    await pipeline.sendOrders([{ value: sourceText({ id: 1, items: [line('d1'), line('d2')] }) }]);
    await pipeline.settled();
    const sound = await soundMessage();
    cases = [...badMessages(service, sound(2)), ...(await tooLarge(sound))];
    const messages = cases.flatMap(({ value }, place): SentMessage[] => [
      {
        value,
        key: Buffer.from([0xff, 0x00, place]),
        headers: { trace: [`t${place}`, Buffer.from([0, 0xff])], none: '' },
      },
      { value: sound(1_000 + place) },
    ]);
    sent = await pipeline.topics.send(sources[service], messages);
    await pipeline.settled();
    letters = await pipeline.deadLetters(service);
  });

  it('is refused with its reason', async () => {
    const found = await reasons(pipeline, service);
    const given = cases.map(({ what }, place) => [what, found[sent[2 * place]!.offset] ?? 'not refused']);
    expect(Object.fromEntries(given)).toEqual(
      Object.fromEntries(cases.map(({ what, reason }) => [what, reason])),
    );
  });

  it('becomes exactly one dead letter, and nothing else does', async () => {
    expect(letters.map(({ headers }) => Number(headers['dlq.offset']))).toEqual(
      cases.map((_, place) => Number(sent[2 * place]!.offset)),
    );
    for (const other of services.filter((name) => name !== service)) {
      expect(await pipeline.deadLetters(other)).toEqual([]);
    }
  });

  it('is kept byte for byte: key, value, headers and time', () => {
    for (const letter of letters) {
      const original = sent.find(({ offset }) => offset === String(letter.headers['dlq.offset']))!;
      const { what } = cases[sent.indexOf(original) / 2]!;
      const headers = Object.entries(letter.headers).filter(([name]) => !/^(dlq|__connect)\./.test(name));
      expect({ what, ...contentOf({ ...letter, headers: Object.fromEntries(headers) }) }).toEqual({
        what,
        ...contentOf(original),
      });
    }
  });

  it('is marked with where it came from, by whom and when it was refused, and why', () => {
    for (const letter of letters) {
      const headers = Object.fromEntries(
        Object.entries(letter.headers)
          .filter(([name]) => name.startsWith('dlq.'))
          .map(([name, value]) => [name, String(value)]),
      );
      expect(headers).toEqual({
        'dlq.reason': expect.any(String),
        'dlq.message': expect.stringMatching(/\S/),
        'dlq.topic': pipeline.topics.name(sources[service]),
        'dlq.partition': '0',
        'dlq.offset': expect.stringMatching(/^\d+$/),
        'dlq.timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        'dlq.service': service,
      });
    }
  });

  it('leaves its neighbours alone: they go through to the marts', async () => {
    const neighbours = cases.map((_, place) => 1_000 + place);
    for (const name of services.slice(services.indexOf(service))) {
      expect(await loadedOrders(pipeline, name)).toEqual([1, ...neighbours]);
    }
  });

  /** A real message of the topic, as one of another order. */
  async function soundMessage(): Promise<(id: number) => string> {
    const [captured] = await pipeline.topics.read(sources[service]);
    const text = captured!.value!.toString();
    return (id) => {
      const message = JSON.parse(text);
      message.object_id = id;
      if (service === 'dds') {
        message.payload.id = id;
      }
      if (service === 'cdm') {
        message.payload.order_id = hashKey('h_order', String(id));
      }
      return JSON.stringify(message);
    };
  }

  /** Fits into the topic that it is read from, and not into the next one. */
  async function tooLarge(sound: (id: number) => string): Promise<BadMessage[]> {
    const message = JSON.parse(sound(2));
    if (service === 'stg') {
      await pipeline.dictionary.put({
        r9: restaurantEntry('r9', 'The long menu', { d1: ['ж'.repeat(500), 'Soups'] }),
      });
      message.payload.restaurant.id = 'r9';
      message.payload.order_items = Array.from({ length: 5_000 }, () => line('d1'));
    } else if (service === 'dds') {
      const [product] = message.payload.products;
      message.payload.products = Array.from({ length: 25_000 }, (_, place) => ({
        ...product,
        id: String(place),
        name: 'a',
        ordered_name: '',
        category: 'b',
      }));
    } else {
      return [];
    }
    const value = Buffer.from(JSON.stringify(message));
    return [{ what: 'too large for the next topic', reason: 'message_too_large', value }];
  }
}

describe('a message that only looks bad', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline);

  /** The largest value that the source takes alone in a batch: of its 1,048,588 bytes, 72 are of batch and record. */
  const LARGEST = 1_048_588 - 72;

  const odd: Record<string, string> = {
    quotes: `"double" 'single' \`back\` \\ \\\\ / «»`,
    SQL: `'; DROP TABLE stg.order_events; --`,
    markup: '<script>alert("1")</script> & &amp; <!-- ]]>',
    'a template': '${process.exit(1)} {{7*7}} %s %n $1 \\N',
    emoji: '👩‍🍳🍲 🇷🇺 ё й e\u0301',
    'control characters': 'tab\t newline\n bell\u0007 delete\u007f zero width\u200b right to left\u202e',
    'the end of planes': '\uffff \u{10ffff} \ufeff \u2028\u2029',
    '10,000 characters': 'щи '.repeat(3_334).slice(0, 10_000),
    'names of JavaScript': '__proto__ constructor toString',
  };

  it('with odd texts in every place is stored exactly', async () => {
    for (const [place, text] of Object.values(odd).entries()) {
      const [user, restaurant, dish] = [`u-${place}`, `r-${place}`, `d-${place}`];
      await history.step({
        dictionary: {
          [user]: userEntry(user, text, '2024-01-01 00:00:00'),
          [restaurant]: restaurantEntry(restaurant, text, { [dish]: [text, text] }, '2024-01-01 00:00:00'),
        },
        messages: [
          sourceText({ id: 10 + place, user, restaurant, items: [{ ...line(dish), name: text }] }),
          // The same characters, escaped.
          sourceText({ id: 30 + place, user, restaurant, items: [{ ...line(dish), name: text }] }).replace(
            /[^ -~]/g,
            (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
          ),
        ],
      });
    }
    expect(await history.differences()).toEqual([]);
  });

  it('with ids that are odd texts is stored exactly', async () => {
    const ids = Object.entries(odd).filter(([what]) => what !== '10,000 characters');
    await history.step({
      dictionary: Object.fromEntries(
        ids.flatMap(([, id]) => [
          [`u${id}`, userEntry(id, 'Somebody')],
          [
            `r${id}`,
            restaurantEntry(id, 'Somewhere', { [id]: ['Something', 'Of some kind'], ...protoDish() }),
          ],
        ]),
      ),
      messages: ids.flatMap(([, id], place) => [
        sourceText({ id: 50 + place, user: `u${id}`, restaurant: `r${id}`, items: [line(id)] }),
        sourceText({ id: 70 + place, user: `u${id}`, restaurant: `r${id}`, items: [line('__proto__')] }),
      ]),
    });
    expect(await history.differences()).toEqual([]);
  });

  it('with 5,000 lines, with 900 kB, and of exactly the largest size is stored exactly', async () => {
    const lines = Array.from({ length: 5_000 }, (_, place) => line(`d${(place % 4) + 1}`, place, place + 1));
    const large = (id: number, bytes: number) => {
      const text = (length: number) =>
        sourceText({ id, items: [{ ...line('d1'), name: 'x'.repeat(length) }] });
      return text(bytes - Buffer.byteLength(text(0)));
    };
    await history.step({
      dictionary,
      messages: [
        sourceText({ id: 101, items: lines }),
        large(102, 900_000),
        large(103, LARGEST),
        { value: large(104, LARGEST).replace('"d1"', '"d1",'), partition: 1 }.value.slice(0, LARGEST),
        sourceText({ id: 105 }),
      ],
    });
    expect(Buffer.byteLength(large(103, LARGEST))).toBe(LARGEST);
    await expect(pipeline.sendOrders([{ value: large(106, LARGEST + 1) }])).rejects.toThrow(/larger/);
    expect(await history.differences()).toEqual([]);
    expect(await loadedOrders(pipeline, 'cdm')).toEqual(expect.arrayContaining([101, 102, 103, 105]));
    // A broken one of exactly the largest size becomes a dead letter, though that has headers as well.
    expect(Object.values(await reasons(pipeline, 'stg'))).toEqual(['invalid_json']);
  });
});

/** A dish whose id is a name that every object of JavaScript has. */
function protoDish(): Record<string, [string, string]> {
  return JSON.parse('{"__proto__":["Shashlik","Grill"]}') as Record<string, [string, string]>;
}

describe('a dead-letter topic that cannot be written', () => {
  const pipeline = usePipeline();
  describe.each(services)('of %s', (service) => {
    holdsTheOffset(pipeline, service);
  });
});

function holdsTheOffset(pipeline: Pipeline, service: ServiceName): void {
  const topic = `${service}-service-dlq`;

  it.each([
    [
      'takes nothing so large',
      () => pipeline.topics.limit(topic, 100),
      () => pipeline.topics.limit(topic, 1_114_124),
    ],
    ['is gone', () => pipeline.topics.deleteTopic(topic), () => pipeline.topics.restoreTopic(topic)],
  ])('because it %s, holds the offset until it can', async (_, breakIt, heal) => {
    const before = await pipeline.deadLetters(service);
    await breakIt();
    const [bad] = await pipeline.topics.send(sources[service], [{ value: '{' }]);
    await expectHeld(pipeline, pipeline.service(service));
    await heal();
    await pipeline.settled();
    const [letter, ...others] = (await pipeline.deadLetters(service)).filter(
      ({ headers }) =>
        !before.some((known) => String(known.headers['dlq.offset']) === String(headers['dlq.offset'])),
    );
    expect(others).toEqual([]);
    expect(String(letter!.headers['dlq.offset'])).toBe(bad!.offset);
  });

  it('is forgotten afterwards: orders go through again', async () => {
    const id = services.indexOf(service) + 1;
    await pipeline.dictionary.put(dictionary);
    await pipeline.sendOrders([{ value: sourceText({ id }) }]);
    await pipeline.settled();
    expect(await loadedOrders(pipeline, 'cdm')).toContain(id);
  });
}

describe('a message that the database refuses', () => {
  const pipeline = usePipeline();

  it('for a reason that nobody thought of is found, and the others go on', async () => {
    const { database } = pipeline;
    await pipeline.dictionary.put(dictionary);
    await database.rows('ALTER TABLE stg.order_events ADD CONSTRAINT no_eleven CHECK (object_id <> 11)');
    await database.rows('ALTER TABLE dds.h_order ADD CONSTRAINT no_22 CHECK (order_id <> 22)');
    await database.rows(`CREATE FUNCTION cdm.refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '22000'; END $$`);
    await database.rows(`CREATE TRIGGER refuse BEFORE INSERT ON cdm.order_versions
      FOR EACH ROW WHEN (NEW.object_id IN (33, 34)) EXECUTE FUNCTION cdm.refuse()`);
    const ids = Array.from({ length: 60 }, (_, place) => place + 1);
    await pipeline.sendOrders(ids.map((id) => ({ value: sourceText({ id, user: `u${(id % 12) + 1}` }) })));
    await pipeline.settled();

    const without = (...refused: number[]) => ids.filter((id) => !refused.includes(id));
    expect(await loadedOrders(pipeline, 'stg')).toEqual(without(11));
    expect(await loadedOrders(pipeline, 'dds')).toEqual(without(11, 22));
    expect(await loadedOrders(pipeline, 'cdm')).toEqual(without(11, 22, 33, 34));
    expect(await refusedOrders('stg')).toEqual([
      [11, 'database_refused', expect.stringContaining('no_eleven')],
    ]);
    expect(await refusedOrders('dds')).toEqual([[22, 'database_refused', expect.stringContaining('no_22')]]);
    expect(await refusedOrders('cdm')).toEqual([
      [33, 'database_refused', 'not this one'],
      [34, 'database_refused', 'not this one'],
    ]);
    const [{ count }] = (await database.rows<{ count: string }>(
      'SELECT sum(order_cnt) AS count FROM cdm.user_product_counters',
    )) as [{ count: string }];
    expect(count).toBe('56');
  });

  it('because of an id that no index takes is found, and the others go on', async () => {
    // Letters that don't compress: PostgreSQL compresses what an index holds.
    const long = Array.from({ length: 400 }, (_, place) => hashKey('long', String(place))).join('');
    const before = await loadedOrders(pipeline, 'cdm');
    await pipeline.dictionary.put({
      r8: restaurantEntry('r8', 'The long id', { [long]: ['Kissel', 'Drinks'] }),
    });
    await pipeline.sendOrders([
      { value: sourceText({ id: 71 }) },
      { value: sourceText({ id: 72, restaurant: 'r8', items: [line(long)] }) },
      { value: sourceText({ id: 73, user: long }) },
      { value: sourceText({ id: 74 }) },
    ]);
    await pipeline.settled();
    expect(await loadedOrders(pipeline, 'cdm')).toEqual([...before, 71, 74]);
    expect((await refusedOrders('dds')).slice(1)).toEqual([[72, 'database_refused', expect.any(String)]]);
  });

  async function refusedOrders(service: ServiceName): Promise<[number, string, string][]> {
    return (await pipeline.deadLetters(service))
      .map(({ value, headers }): [number, string, string] => [
        JSON.parse(value!.toString()).object_id,
        String(headers['dlq.reason']),
        String(headers['dlq.message']),
      ])
      .sort(([a], [b]) => a - b);
  }
});

describe('a database that refuses everything', () => {
  const pipeline = usePipeline();
  const tables = { stg: 'stg.order_events', dds: 'dds.s_order_details', cdm: 'cdm.user_product_counters' };

  beforeAll(() => pipeline.dictionary.put(dictionary));

  it.each(services)(
    'because a table of %s is gone is waited for, without a dead letter',
    { tags: ['short'] },
    async (service) => {
      const [schema, table] = tables[service].split('.') as [string, string];
      const first = 100 * (services.indexOf(service) + 1);
      const ids = Array.from({ length: 5 }, (_, place) => first + place);
      await pipeline.database.rows(`ALTER TABLE ${schema}.${table} RENAME TO elsewhere`);
      await pipeline.sendOrders(ids.map((id) => ({ value: sourceText({ id }) })));
      await expectHeld(pipeline, pipeline.service(service));
      await pipeline.database.rows(`ALTER TABLE ${schema}.elsewhere RENAME TO ${table}`);
      await pipeline.settled();
      expect(await pipeline.deadLetters(service)).toEqual([]);
      expect(await loadedOrders(pipeline, 'cdm')).toEqual(expect.arrayContaining(ids));
    },
  );

  it('because a grant is revoked is waited for, without a dead letter', async () => {
    const role = `role_${Date.now()}`;
    await inServer(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    try {
      for (const schema of ['stg', 'dds', 'cdm', 'pipeline']) {
        await pipeline.database.rows(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
        await pipeline.database.rows(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
        await pipeline.database.rows(
          `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
        );
      }
      await pipeline.stopServices();
      const url = new URL(pipeline.database.url);
      url.username = role;
      url.password = 'secret';
      const replicas = services.map((name) => pipeline.replica(name, { DATABASE_URL: url.href }));
      await Promise.all(replicas.map((replica) => replica.start()));
      for (const service of services) {
        await pipeline.database.rows(`REVOKE INSERT ON ${tables[service]} FROM ${role}`);
      }
      const ids = [401, 402, 403];
      await pipeline.sendOrders(ids.map((id) => ({ value: sourceText({ id, user: 'u5' }) })));
      for (const replica of replicas) {
        await expectHeld(pipeline, replica);
        await pipeline.database.rows(`GRANT INSERT ON ${tables[replica.name]} TO ${role}`);
      }
      await pipeline.settled();
      for (const service of services) {
        expect(await pipeline.deadLetters(service)).toEqual([]);
      }
      expect(await loadedOrders(pipeline, 'cdm')).toEqual(expect.arrayContaining(ids));
    } finally {
      await pipeline.stopServices();
      await pipeline.database.rows(`DROP OWNED BY ${role}`);
      await inServer(`DROP ROLE ${role}`);
    }
  });
});

async function inServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('stack').DATABASE_URL });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** All that a dead letter must have of its message, comparable. */
function contentOf({ key, value, headers, timestamp }: StoredMessage) {
  return {
    timestamp,
    key: key?.toString('hex') ?? null,
    value: value?.toString('base64') ?? null,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, values]) => [
        name,
        [values].flat().map((one) => Buffer.from(one ?? '').toString('hex')),
      ]),
    ),
  };
}
