import { beforeAll, expect, inject, it } from 'vitest';
import { dictionary, restaurantEntry, menu } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { runTool, type ToolRun } from './harness/run-tool';
import { usePipeline } from './harness/use-pipeline';

/* order-vault trace: the life of one order, whatever became of it. */
const token = 'secret-of-the-test';
const pipeline = usePipeline({ variables: { cdm: { API_TOKEN: token } } });
const brokers = inject('stack').KAFKA_BROKERS;

function trace(...args: string[]): Promise<ToolRun> {
  const topics = (['stg-service-dlq', 'dds-service-dlq', 'cdm-service-dlq'] as const).flatMap((topic) => [
    '--topic',
    pipeline.topics.name(topic),
  ]);
  return runTool('trace', [...args, ...topics], { KAFKA_BROKERS: brokers, ...pipeline.toolEnvironment() });
}

const open = sourceText({
  id: 1,
  status: 'OPEN',
  updateTs: '2024-03-01 12:00:00',
  items: [{ ...line('d1'), name: 'Borscht, hot', price: 100, quantity: 2 }],
});
const closed = sourceText({
  id: 1,
  statuses: [
    { status: 'OPEN', dttm: '2024-03-01 12:00:00' },
    { status: 'CLOSED', dttm: '2024-03-01 13:00:00' },
  ],
  items: [{ ...line('d1'), name: 'Borscht, hot', price: 100, quantity: 1 }],
});

beforeAll(async () => {
  await pipeline.database.rows(
    `INSERT INTO cdm.tag_rules (tag, conditions)
     VALUES ('soup lover', '{"all_of":[{"count":"orders","match":{"category":"Soups"},"at_least":1}]}')`,
  );
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([{ value: open }]);
  await pipeline.settled();
  // The menu that calls the dish otherwise is there when the order is closed.
  const renamed = { ...menu, d1: ['Beetroot soup', 'Soups'] as [string, string] };
  await pipeline.dictionary.put({ r1: restaurantEntry('r1', 'At home', renamed, '2024-02-01 00:00:00') });
  await pipeline.sendOrders([
    { value: closed },
    { value: sourceText({ id: 2, user: 'u-late' }) },
    { value: sourceText({ id: 3, items: [{ ...line('d1'), price: -1 }] }) },
  ]);
  await pipeline.settled();
});

it('shows each version, what changed, and what the order counts for', async () => {
  const { stdout, stderr, code } = await trace('1');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('Order 1 of user u1 at restaurant r1');
  expect(stdout).toMatch(
    /Version 1, superseded: 2024-03-01 12:00:00.*\n {2}sent 2024-03-01 13:00:01, staged /,
  );
  expect(stdout).toContain('status OPEN, made at 2024-03-01 12:00:00, cost 200, payment 200');
  expect(stdout).toContain('+ 2 × Borscht, hot at 100 (dish d1, Soups)');
  expect(stdout).toMatch(/Version 2, the newest: 2024-03-01 13:00:00/);
  expect(stdout).toContain('status OPEN → CLOSED');
  expect(stdout).toContain('payment 200 → 100');
  expect(stdout).toContain('dish d1 is Borscht on the menu of 2024-01-01 00:00:00');
  expect(stdout).toContain('dish d1 is Beetroot soup on the menu of 2024-02-01 00:00:00');
  expect(stdout).toContain('Statuses: OPEN 2024-03-01 12:00:00 → CLOSED 2024-03-01 13:00:00');
  expect(stdout).toContain('The marts have version 2, CLOSED, since ');
  expect(stdout).toMatch(/user_product_counters +Beetroot soup +1\n/);
  expect(stdout).toMatch(/daily_sales +2024-03-01, At home +1\n/);
  expect(stdout).toMatch(/Tag soup lover assigned at .*, orders: 1/);
  expect(stdout).toContain('No message about it was refused.');
  // Names of persons are not needed to explain a figure.
  expect(stdout).not.toContain('User 1');
});

it('has the messages as received, as JSON', async () => {
  const { stdout } = await trace('1', '--json');
  const { staged } = JSON.parse(stdout) as {
    staged: { payload: string; is_newest: boolean; message: string }[];
  };
  expect(staged.map(({ is_newest }) => is_newest)).toEqual([false, true]);
  expect(open).toContain(staged[0]!.payload);
  expect(closed).toContain(staged[1]!.payload);
  // A version keeps the place of its message when it is superseded.
  const topic = pipeline.topics.name('order-service_orders');
  expect(staged.map(({ message }) => message)).toEqual([`${topic}:0:0`, `${topic}:0:1`]);
});

it('is what the API answers to a token that may see persons', async () => {
  const { url } = pipeline.service('cdm');
  const ask = (id: string, authorization = `Bearer ${token}`) =>
    fetch(`${url}/api/orders/${id}`, { headers: { authorization } });
  const answer = (await (await ask('1')).json()) as object;
  const { stdout } = await trace('1', '--json');
  expect({ ...answer, dead_letters: [] }).toEqual(JSON.parse(stdout));
  expect((await ask('1', 'Bearer none')).status).toBe(401);
  expect((await ask('404')).status).toBe(404);
  const wrong = await ask('one');
  expect(((await wrong.json()) as { detail: string }).detail).toContain(
    'order_id must be the id of an order',
  );
});

it('says what a parked order waits for, and where its message is', async () => {
  const { stdout, code } = await trace('2');
  expect(code).toBe(0);
  expect(stdout).toMatch(/parked since .*: the dictionary lacks user u-late/);
  expect(stdout).toContain(`received as ${pipeline.topics.name('order-service_orders')}:`);
  expect(stdout).toContain('not in the vault');
  expect(stdout).toContain('The marts do not have it yet.');
});

it('finds an order that was refused', async () => {
  const { stdout, code } = await trace('3');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`${pipeline.topics.name('stg-service-dlq')}:\\d+:\\d+ .* invalid_message `),
  );
  expect((await trace('3', '--no-dead-letters')).code).toBe(1);
});

it('says so where there is no such order, or the id is none', async () => {
  const none = await trace('404');
  expect(none.code).toBe(1);
  expect(none.stdout).toContain('There is no order 404 in any layer, nor among the dead letters.');
  const wrong = await trace('one');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(`'one' is invalid for argument 'order id'`);
});

it('needs no broker without dead letters, and names a database that cannot be used', async () => {
  const environment = pipeline.toolEnvironment();
  const withoutKafka = await runTool('trace', ['1', '--no-dead-letters'], {
    ...environment,
    KAFKA_BROKERS: '',
  });
  expect(withoutKafka.code).toBe(0);
  const down = { ...environment, DDS_DATABASE_URL: 'postgres://operator:secret@127.0.0.1:1/vault' };
  const { code, stderr } = await runTool('trace', ['1', '--no-dead-letters'], down);
  expect(code).toBe(1);
  expect(stderr).toContain('DDS_DATABASE_URL');
  expect(stderr).not.toContain('secret');
});
