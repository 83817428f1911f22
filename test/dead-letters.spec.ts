import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Kafka, logLevel } from 'kafkajs';
import { line, sourceText } from './guarantees/orders/source-text';
import { dictionary } from './guarantees/orders/small-town';
import { dumpTables } from './harness/dump-tables';
import { runTool, type ToolRun } from './harness/run-tool';
import type { SentMessage, StoredMessage } from './harness/scratch-topics';
import { usePipeline } from './harness/use-pipeline';

/*
 * npm run dead-letters: what the services refused is counted, shown, and sent again as it came; a second time only if
 * asked to. The services run meanwhile.
 */
const pipeline = usePipeline({ partitions: 2 });
const brokers = inject('stack').KAFKA_BROKERS;
const SECRET = 'Secretova';

const broken: SentMessage = {
  key: Buffer.from([0xff, 0x00, 0x01]),
  value: `{"object_id": 71, "note": "${SECRET}"`,
  headers: { trace: ['a', 'b'], mark: Buffer.from([0xfe]) },
};
const wrongQuantity: SentMessage = {
  value: sourceText({ id: 1, items: [line('d1', 100, 0)] }).replace(
    '"object_id":1',
    '"object_id":9007199254740993',
  ),
};

beforeAll(async () => {
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([
    { value: sourceText({ id: 1 }) },
    broken,
    wrongQuantity,
    { value: null },
    { value: Buffer.from([0x7b, 0xff]), partition: 1 },
    { value: `"\u001b[31m red"`, partition: 1 },
  ]);
  await pipeline.topics.send('stg-service-orders', [{ value: '{"object_id":71}', key: 'u1' }]);
  await pipeline.settled();
});

function run(...args: string[]): Promise<ToolRun> {
  return runTool('dead-letters', args, {
    KAFKA_BROKERS: brokers,
    DATABASE_URL: pipeline.database.loginUrls.operator,
  });
}

const topics = () =>
  ['stg', 'dds', 'cdm'].flatMap((name) => ['--topic', pipeline.topics.name(`${name}-service-dlq`)]);

interface List {
  matching: number;
  counts: unknown[];
  deadLetters: {
    place: { topic: string; partition: number; offset: string };
    done?: { deed: string; at: string; by: string } | null;
  }[];
}

async function list(...filter: string[]): Promise<List> {
  const { stdout, stderr } = await run('list', '--json', ...topics(), ...filter);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as List;
}

/** Where the first dead letter with this reason is. */
async function placeOf(reason: string, ...filter: string[]): Promise<string> {
  const { deadLetters } = await list('--reason', reason, ...filter);
  const { topic, partition, offset } = deadLetters[0]!.place;
  return `${topic}:${partition}:${offset}`;
}

function contents({ key, value, headers }: StoredMessage): unknown {
  return { key, value, headers };
}

describe.concurrent('list', () => {
  it('counts them by topic and reason', async () => {
    const { matching, counts } = await list();
    expect(matching).toBe(6);
    const stg = pipeline.topics.name('stg-service-dlq');
    expect(new Set(counts)).toEqual(
      new Set([
        { topic: stg, reason: 'invalid_json', deadLetters: 2 },
        { topic: stg, reason: 'invalid_message', deadLetters: 1 },
        { topic: stg, reason: 'empty', deadLetters: 1 },
        { topic: stg, reason: 'not_utf8', deadLetters: 1 },
        { topic: pipeline.topics.name('dds-service-dlq'), reason: 'invalid_message', deadLetters: 1 },
      ]),
    );
  });

  it.each([
    ['a reason', ['--reason', 'empty'], 1],
    ['an order, also in what is no JSON, in all topics', ['--object-id', '71'], 2],
    ['an order whose id no binary float holds', ['--object-id', '9007199254740993'], 1],
    ['an order that is not there', ['--object-id', '7'], 0],
    ['a time before all', ['--until', '2024-01-01'], 0],
    ['a time after all', ['--since', '2100-01-01T00:00:00+03:00'], 0],
    ['both ends', ['--since', '2024-01-01T00:00Z', '--until', '2100-01-01'], 6],
  ])('takes those of %s', async (_, filter, matching) => {
    expect((await list(...filter)).matching).toBe(matching);
  });

  it('takes those of one topic', async () => {
    const { stdout } = await run('list', '--json', '--topic', pipeline.topics.name('dds-service-dlq'));
    expect((JSON.parse(stdout) as List).matching).toBe(1);
  });

  it('shows the last ones, and counts all', async () => {
    const all = await list();
    const last = await list('--limit', '2');
    expect(last.deadLetters).toEqual(all.deadLetters.slice(-2));
    expect(last.matching).toBe(6);
  });

  it('is for people, too, and shows nothing of what they hold', async () => {
    const { stdout, code } = await run('list', ...topics());
    expect(code).toBe(0);
    expect(stdout).toContain('not_utf8');
    expect(stdout).toContain(`${pipeline.topics.name('order-service_orders')}:1:0`);
    expect(stdout).not.toContain(SECRET);
  });
});

describe.concurrent('show', () => {
  it('says why, and the message as it came', async () => {
    const { stdout } = await run('show', await placeOf('invalid_message', '--object-id', '9007199254740993'));
    expect(stdout).toContain('may hold personal data');
    expect(stdout).toContain('quantity');
    expect(stdout).toContain(String(wrongQuantity.value));
  });

  it('writes bytes that are no text, and commands for the terminal, as escapes', async () => {
    const { stdout: bytes } = await run('show', await placeOf('not_utf8'));
    expect(bytes).toContain('{\\xff');
    const letters = await pipeline.deadLetters('stg');
    const red = letters.find(({ value }) => value?.includes('31m'))!;
    const { stdout } = await run('show', `${red.topic}:${red.partition}:${red.offset}`);
    expect(stdout).toContain('\\u{1b}[31m red');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('replay', () => {
  const source = 'order-service_orders';

  it('sends nothing by default', async () => {
    const before = await pipeline.topics.read(source);
    const trial = await run('replay', ...topics());
    expect(trial.code).toBe(0);
    expect(trial.stdout).toContain(`Would be sent to ${pipeline.topics.name(source)}: 5`);
    expect(trial.stdout).toContain(`Would be sent to ${pipeline.topics.name('stg-service-orders')}: 1`);
    expect(trial.stdout).toContain('--execute');
    expect(await pipeline.topics.read(source)).toEqual(before);
  });

  it('sends key, value and headers as they were, and changes no table', async () => {
    const original = (await pipeline.topics.read(source)).find(({ key }) => key !== null)!;
    const letter = (await pipeline.deadLetters('stg')).find(({ key }) => key !== null)!;
    const before = await dumpTables(pipeline.database);
    const { stdout } = await run(
      'replay',
      `${letter.topic}:${letter.partition}:${letter.offset}`,
      '--execute',
    );
    expect(stdout).toContain(`Sent to ${pipeline.topics.name(source)}: 1`);
    const copies = (await pipeline.topics.read(source)).filter(({ key }) => key !== null);
    expect(copies.map(contents)).toEqual([contents(original), contents(original)]);
    await pipeline.settled();
    expect(await dumpTables(pipeline.database)).toEqual(before);
    expect((await list('--reason', 'invalid_json')).matching).toBe(3);
  });

  it('leaves out what was replayed before, by default', async () => {
    const place = await placeOf('empty');
    const sent = async () =>
      (await pipeline.topics.read(source)).filter(({ value }) => value === null).length;
    await run('replay', place, '--execute');
    expect(await sent()).toBe(2);
    const { stdout, code } = await run('replay', place, '--execute');
    expect(code).toBe(0);
    expect(stdout).toContain('Replayed or discarded before, hence left out: 1');
    expect(await sent()).toBe(2);
    await run('replay', place, '--execute', '--again');
    expect(await sent()).toBe(3);
  });

  it('sends each once when two do it at the same time, to the topic that each came from', async () => {
    await pipeline.settled();
    const before = await pipeline.topics.read('stg-service-orders');
    const place = await placeOf('invalid_message', '--object-id', '71');
    await Promise.all([run('replay', place, '--execute'), run('replay', place, '--execute')]);
    const after = await pipeline.topics.read('stg-service-orders');
    expect(after.length).toBe(before.length + 1);
    await pipeline.settled();
  });
});

describe('discard', () => {
  const marks = () =>
    pipeline.database.rows(
      'SELECT reason, discarded_by, (discarded_at > now()) AS early FROM operations.discarded_dead_letters',
    );

  it('marks nothing by default', async () => {
    const { stdout } = await run('discard', '--reason', 'not_utf8', ...topics().slice(0, 2));
    expect(stdout).toContain('Would be discarded: 1');
    expect(await marks()).toEqual([]);
  });

  it('marks them with who did it, and a replay leaves them out', async () => {
    const place = await placeOf('not_utf8');
    expect((await run('discard', place, '--execute')).stdout).toContain('Discarded: 1');
    expect(await marks()).toEqual([
      {
        reason: 'not_utf8',
        discarded_by: new URL(pipeline.database.loginUrls.operator).username,
        early: false,
      },
    ]);
    const replay = await run('replay', place, '--execute');
    expect(replay.stdout).toContain('Replayed or discarded before, hence left out: 1');
    expect((await run('discard', place, '--execute')).stdout).toContain('Discarded: 0');
  });

  it('is listed with who did it and when, beside what was replayed and what is open', async () => {
    const by = new URL(pipeline.database.loginUrls.operator).username;
    const states = async (...state: string[]) =>
      (await list('--state', ...state)).deadLetters.map(({ done }) => done?.deed ?? 'open').sort();
    expect(await states('all')).toEqual(
      [...(await states('open')), ...(await states('replayed')), 'discarded'].sort(),
    );
    expect((await states('replayed')).length).toBeGreaterThan(0);
    const { deadLetters } = await list('--state', 'discarded');
    expect(deadLetters).toMatchObject([{ reason: 'not_utf8', done: { deed: 'discarded', by } }]);
    const { at } = deadLetters[0]!.done!;
    const { stdout } = await run('list', ...topics(), '--state', 'discarded');
    expect(stdout).toContain(`discarded ${at} by ${by}`);
    expect((await list('--reason', 'not_utf8')).deadLetters[0]).not.toHaveProperty('done');
  });

  it('is undone by a replay with --again', async () => {
    const { stdout } = await run('replay', await placeOf('not_utf8'), '--execute', '--again');
    expect(stdout).toContain(`Sent to ${pipeline.topics.name('order-service_orders')}: 1`);
    expect(await marks()).toEqual([]);
    await pipeline.settled();
  });
});

describe.concurrent('the tool', () => {
  // Those of the others would be there for a moment.
  it.sequential('leaves no consumer group', async () => {
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await list();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.filter(({ groupId }) => groupId.startsWith('order-vault-tools'))).toEqual([]);
  });

  it.each([
    ['no command', ['--frob'], "'--frob'"],
    ['an unknown command', ['lst'], "'lst'"],
    ['an unknown option', ['list', '--reasons', 'empty'], '--reasons'],
    ['an unknown reason', ['list', '--reason', 'bad'], "'--reason <reason>' argument 'bad'"],
    ['no time', ['list', '--since', 'yesterday'], "'yesterday'"],
    ['an impossible day', ['list', '--until', '2024-13-01'], '--until'],
    ['no number', ['list', '--limit', 'x'], '--limit'],
    ['an unknown state', ['list', '--state', 'done'], "'--state <state>' argument 'done'"],
    ['no place', ['show', 'stg-service-dlq'], "'stg-service-dlq'"],
    ['two places', ['show', 'a:0:0', 'b:0:0'], 'got 2'],
    ['an unknown topic', ['list', '--topic', 'nowhere'], 'nowhere'],
    ['neither place nor filter', ['replay', '--execute'], '--all'],
    ['a place and a filter', ['replay', 'a:0:0', '--reason', 'empty'], 'one of'],
  ])('refuses %s and names it', async (_, args, said) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(said);
  });

  it('names a place that is not there', async () => {
    const topic = pipeline.topics.name('cdm-service-dlq');
    expect((await run('show', `${topic}:0:0`)).stderr).toContain(`${topic}:0:0 isn't there`);
    expect((await run('show', `${topic}:9:0`)).stderr).toContain('no partition 9');
  });

  it('names the variable of a server that is not there', async () => {
    const nowhere = { KAFKA_BROKERS: '127.0.0.1:1', DATABASE_URL: pipeline.database.loginUrls.operator };
    expect((await runTool('dead-letters', ['list'], nowhere)).stderr).toContain('KAFKA_BROKERS=127.0.0.1:1');
    const place = await placeOf('not_utf8');
    const { stderr, code } = await runTool('dead-letters', ['replay', place], { KAFKA_BROKERS: brokers });
    expect(code).toBe(1);
    expect(stderr).toContain('DATABASE_URL');
  });

  it('explains itself', async () => {
    const { stdout, code } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('replay');
  });
});
