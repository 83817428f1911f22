import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ChangedCheckout } from './extending/changed-checkout';
import { changesOf } from './extending/page-changes';
import { dictionary, menu, restaurantEntry } from './guarantees/orders/small-town';
import { sourceText, type OrderChanges } from './guarantees/orders/source-text';
import { Pipeline } from './harness/pipeline';
import { runTool, type ToolRun } from './harness/run-tool';
import { tableDifferences } from './oracle/differences';
import * as here from './oracle/expected';
import type * as HandWritten from './oracle/hand-written-case';
import { hashKey } from './oracle/hash-key';
import type { Step } from './oracle/history';
import type { Row, Tables } from './oracle/rows';
import { judge } from './oracle/source-message';
import { shortTime } from './oracle/source-time';
import { readTables } from './oracle/tables';
import type * as Entities from '../ops/migrate/entity-classes';

/*
 * docs/extending.md at its word: both of its changes are made in a copy of the checkout, which is built and takes over
 * from the services of this checkout.
 */
const page = readFileSync(new URL('../docs/extending.md', import.meta.url), 'utf8');
const changes = changesOf(page);
const files = [...changes.values()].flat();
const paths = files.map(({ file }) => file);
const changed = new ChangedCheckout();
const pipeline = new Pipeline(inject('stack'), { partitions: 2 });

const SATELLITE = 'dds.s_order_delivery';
const MART = 'cdm.user_restaurant_counters';
const source = 'order-service_orders';

/** What has happened to the services. */
const steps: Step[] = [];

/** An order of the source with this address, or without one. */
function order(id: number, address: unknown, more: OrderChanges = {}): { value: string } {
  const { payload, ...message } = JSON.parse(sourceText({ id, ...more })) as { payload: object };
  return { value: JSON.stringify({ ...message, payload: { ...payload, delivery_address: address } }) };
}

async function step(entries: Record<string, string>, messages: { value: string }[]): Promise<void> {
  await pipeline.dictionary.put(entries);
  steps.push({ dictionary: entries, messages: await pipeline.sendOrders(messages) });
  await pipeline.settled();
}

/** The rows of the satellite: of orders whose payload says an address. */
function deliveries(of: Step[]): Row[] {
  return of.flatMap(({ messages }) =>
    messages.flatMap(({ value }) => {
      const { payload } = JSON.parse(value!.toString()) as { payload: { delivery_address?: string | null } };
      const judged = judge(value);
      if (judged.kind !== 'order' || typeof payload.delivery_address !== 'string') {
        return [];
      }
      return {
        h_order_pk: hashKey('h_order', judged.order.orderId),
        order_version: judged.order.version,
        delivery_address: payload.delivery_address,
        valid_from: shortTime(judged.order.updateTs),
        hk_order_delivery_hashdiff: hashKey('s_order_delivery', payload.delivery_address),
      };
    }),
  );
}

/** A module of the changed checkout. */
function load<Module>(file: string): Promise<Module> {
  return import(/* @vite-ignore */ join(changed.folder, file)) as Promise<Module>;
}

const changedOracle = () => load<typeof here>('test/oracle/expected.ts');

/** Where the tables differ from what the oracle of a checkout expects; it does not know the satellite. */
async function differences({ expectedOf }: typeof here, satellite: Tables = {}): Promise<string[]> {
  const { tables } = expectedOf(pipeline.topics.name(source), steps);
  return tableDifferences({ ...tables, ...satellite }, await readTables(pipeline.database.pool));
}

/** A tool of the changed checkout. */
function tool(name: string, args: string[], url = pipeline.database.loginUrls.operator): Promise<ToolRun> {
  return runTool(name, args, { DATABASE_URL: url, REDIS_URL: pipeline.dictionary.url }, changed.build);
}

beforeAll(async () => {
  files.forEach((change) => changed.apply(change));
  await pipeline.prepare();
  await pipeline.start();
});

afterAll(async () => {
  await pipeline.remove();
  changed.remove();
});

describe('the changes of docs/extending.md', () => {
  it('touch at most nine files, and five', () => {
    const counts = Array.from(changes, ([heading, touched]) => ({ heading, files: touched.length }));
    expect(counts.map(({ heading }) => heading)).toEqual(['A new member of an order', 'A new mart']);
    expect(counts[0]!.files).toBeLessThanOrEqual(9);
    expect(counts[1]!.files).toBeLessThanOrEqual(5);
  });

  it('are built', async () => {
    expect(await changed.run('nest', 'build', '--all')).toBeUndefined();
  });

  it('keep the rules of the repository', async () => {
    expect(await changed.run('prettier', '--check', ...paths)).toBeUndefined();
    expect(await changed.run('oxlint', '--deny-warnings', ...paths)).toBeUndefined();
    changed.write('touched.json', JSON.stringify({ extends: './tsconfig.json', include: paths }));
    expect(await changed.run('tsc', '--noEmit', '--project', 'touched.json')).toBeUndefined();
  });

  it('write two pages again, and pass the unit tests', async () => {
    expect(await changed.run('tsx', 'dev/asyncapi.ts')).toBeUndefined();
    expect(await changed.run('tsx', 'dev/data-model.ts')).toBeUndefined();
    expect(changed.differing('docs/asyncapi.json', 'docs/data-model.md')).toHaveLength(2);
    const specs = paths.filter((path) => path.endsWith('.spec.ts'));
    const others = ['apps/cdm/src/marts', 'dev/data-model', 'ops/migrate'];
    expect(await changed.run('vitest', 'run', '--project', 'unit', ...specs, ...others)).toBeUndefined();
  });

  it('are known to the oracle', async () => {
    const { expectedOf } = await changedOracle();
    const { steps: all, tables, topic } = await load<typeof HandWritten>('test/oracle/hand-written-case.ts');
    expect(tableDifferences(tables, expectedOf(topic, all).tables)).toEqual([]);
  });
});

describe('a release with the changes', () => {
  it('comes after one that ignores the new member, and keeps it in staging', async () => {
    await step(dictionary, [
      order(1, 'Lenina 1, кв. 7'),
      order(2, null, { user: 'u2', restaurant: 'r2' }),
      order(3, 'Mira 3', { restaurant: 'r2', status: 'OPEN' }),
    ]);
    expect(await differences(here)).toEqual([]);
  });

  it('takes over', async () => {
    await pipeline.stopServices();
    expect(await tool('migrate', [], pipeline.database.url)).toMatchObject({ code: 0, stderr: '' });
    await Promise.all(
      (['stg', 'dds', 'cdm'] as const).map((name) => pipeline.replica(name, {}, changed.build).start()),
    );
    expect(await differences(await changedOracle(), { [SATELLITE]: [] })).toEqual([]);
  });

  it('has entities that are like its schema', async () => {
    const { entityClasses } = await load<typeof Entities>('ops/migrate/entity-classes.ts');
    const database = new DataSource({
      type: 'postgres',
      url: pipeline.database.url,
      entities: await entityClasses(),
      installExtensions: false,
    });
    await database.initialize();
    try {
      const { upQueries } = await database.driver.createSchemaBuilder().log();
      expect(upQueries).toEqual([]);
    } finally {
      await database.destroy();
    }
  });

  it('fills satellite and mart, also when orders are corrected and names change', async () => {
    await step({}, [
      order(4, 'Lenina 1, кв. 7'),
      order(5, undefined, { user: 'u3' }),
      order(6, '', { user: 'u2', restaurant: 'r2' }),
    ]);
    const later = { updateTs: '2024-03-02 13:00:00', sent: '2024-03-02 13:00:01' };
    await step({ r2: restaurantEntry('r2', 'By the river', menu, '2024-03-02 00:00:00') }, [
      order(1, null, { ...later, status: 'CANCELLED' }),
      order(3, 'Mira 5', { ...later, restaurant: 'r2' }),
    ]);
    expect(await differences(await changedOracle(), { [SATELLITE]: deliveries(steps.slice(1)) })).toEqual([]);
  });

  it('refuses an order whose address is no text', async () => {
    await pipeline.sendOrders([order(7, 5)]);
    await pipeline.settled();
    const [letter, ...others] = await pipeline.deadLetters('stg');
    expect(String(letter!.headers['dlq.message'])).toBe('payload.delivery_address must be a text, got 5');
    expect(others).toEqual([]);
  });

  it('has nothing that differs', async () => {
    expect(await tool('reconcile', ['--grace', '0'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('rebuilds the mart as it was', async () => {
    await pipeline.database.rows(`DELETE FROM ${MART} WHERE order_cnt = 1`);
    expect(await tool('reconcile', ['--grace', '0'])).toMatchObject({ code: 1 });
    expect(await tool('rebuild', ['cdm', '--execute', '--grace', '0'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await differences(await changedOracle(), { [SATELLITE]: deliveries(steps.slice(1)) })).toEqual([]);
  });

  it('makes the addresses that came before part of the vault', async () => {
    expect(await tool('rebuild', ['dds', '--grace', '0'])).toMatchObject({ code: 1 });
    expect(await tool('rebuild', ['dds', '--execute', '--grace', '0'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await differences(await changedOracle(), { [SATELLITE]: deliveries(steps) })).toEqual([]);
  });

  it('forgets the addresses of a user, those of later orders too', async () => {
    expect(await tool('forget', ['u1', '--execute'], pipeline.database.url)).toMatchObject({
      code: 0,
      stderr: '',
    });
    await step({}, [order(8, 'Lenina 1, кв. 7')]);
    const rows = await pipeline.database.rows<{ user_id: string; addresses: string[] }>(`
      SELECT user_id, array_agg(DISTINCT delivery_address) AS addresses
      FROM ${SATELLITE} JOIN dds.l_order_user USING (h_order_pk) JOIN dds.h_user USING (h_user_pk) GROUP BY 1 ORDER BY 1`);
    expect(rows).toEqual([
      { user_id: 'u1', addresses: ['[forgotten]'] },
      { user_id: 'u2', addresses: [''] },
    ]);
    expect(await tool('reconcile', ['--grace', '0'])).toMatchObject({ code: 0, stderr: '' });
    // The later order is staged as received, until the user is forgotten again.
    expect(await tool('forget', ['u1', '--execute'], pipeline.database.url)).toMatchObject({ code: 0 });
    expect(await tool('rebuild', ['dds', '--grace', '0'])).toMatchObject({ code: 0, stderr: '' });
  });
});
