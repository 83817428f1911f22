import { describe, expect, it } from 'vitest';
import { usePipeline } from '../harness/use-pipeline';
import type { ServiceName } from '../harness/service-process';
import { logged } from './crash/service-health';
import { untilSeen } from './crash/until-seen';
import { dictionary, userEntry } from './orders/small-town';
import { sourceText } from './orders/source-text';

/*
 * Guarantee 7, as to a database that works and refuses every message: a constraint, a trigger or a sequence is wrong,
 * not the messages. They wait, and nothing becomes a dead letter. Guarantee 6 stays: what alone is refused ends,
 * however often it comes.
 */
const defects: Record<ServiceName, { break: string; mend: string }> = {
  stg: {
    break: 'ALTER TABLE stg.order_events ADD CONSTRAINT odd CHECK (object_id < 0) NOT VALID',
    mend: 'ALTER TABLE stg.order_events DROP CONSTRAINT odd',
  },
  dds: {
    break: `CREATE FUNCTION dds.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 / 0; END $$;
      CREATE TRIGGER odd BEFORE INSERT ON dds.h_order FOR EACH ROW EXECUTE FUNCTION dds.refuse()`,
    mend: 'DROP TRIGGER odd ON dds.h_order; DROP FUNCTION dds.refuse()',
  },
  cdm: {
    break: 'ALTER TABLE cdm.user_product_counters ADD CONSTRAINT odd CHECK (order_cnt < 0) NOT VALID',
    mend: 'ALTER TABLE cdm.user_product_counters DROP CONSTRAINT odd',
  },
};
const services = Object.keys(defects) as ServiceName[];

describe('a database that refuses every message', () => {
  const pipeline = usePipeline();

  it.each(services)('keeps a batch of many waiting in %s, and none is lost', async (service) => {
    const ids = idsFrom(1_000 * (1 + services.indexOf(service)), 40);
    await pipeline.dictionary.put(dictionary);
    await pipeline.database.rows(defects[service].break);
    await pipeline.sendOrders(ids.map((id) => ({ value: sourceText({ id }), partition: id % 2 })));
    await expectWaiting(service);
    expect(await pipeline.deadLetters(service)).toEqual([]);
    await pipeline.database.rows(defects[service].mend);
    await pipeline.settled();
    expect(await pipeline.deadLetters(service)).toEqual([]);
    expect(await ordersInMarts(ids)).toBe(ids.length);
  });

  it('keeps orders that trickle: at most three of them become dead letters', async () => {
    const ids = idsFrom(5_000, 8);
    await pipeline.database.rows(defects.stg.break);
    for (const id of ids) {
      await pipeline.sendOrders([{ value: sourceText({ id }) }]);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await expectWaiting('stg');
    expect((await pipeline.deadLetters('stg')).length).toBeLessThanOrEqual(3);
    await pipeline.database.rows(defects.stg.mend);
    await pipeline.settled();
    const refused = (await pipeline.deadLetters('stg')).length;
    expect(await ordersInMarts(ids)).toBe(ids.length - refused);
  });

  it('keeps parked orders, when their names appear', async () => {
    const ids = idsFrom(6_000, 10);
    const before = (await pipeline.deadLetters('stg')).length;
    await pipeline.sendOrders(ids.map((id) => ({ value: sourceText({ id, user: `late-${id}` }) })));
    await expect.poll(parked).toBe(ids.length);
    const said = () =>
      logged(pipeline.service('stg'), 'warn', 'error').filter((one) => one.includes('stores none')).length;
    const saidBefore = said();
    await pipeline.database.rows(
      'ALTER TABLE stg.dictionary_entries ADD CONSTRAINT odd CHECK (length(entry_key) < 0) NOT VALID',
    );
    await pipeline.dictionary.put(
      Object.fromEntries(ids.map((id) => [`late-${id}`, userEntry(`late-${id}`, 'Late')])),
    );
    await expect.poll(said).toBeGreaterThan(saidBefore);
    await pipeline.database.rows('ALTER TABLE stg.dictionary_entries DROP CONSTRAINT odd');
    await pipeline.settled();
    const refused = (await pipeline.deadLetters('stg')).length - before;
    expect(refused).toBeLessThanOrEqual(3);
    expect(await ordersInMarts(ids)).toBe(ids.length - refused);
  });

  async function parked(): Promise<number> {
    return (await pipeline.database.rows('SELECT FROM stg.pending_orders')).length;
  }

  async function expectWaiting(service: ServiceName): Promise<void> {
    await untilSeen(pipeline.service(service), {
      server: 'postgresql',
      words: /PostgreSQL refuses every message, and stores none: SQLSTATE (22012|23514)/,
    });
  }

  async function ordersInMarts(ids: number[]): Promise<number> {
    const rows = await pipeline.database.rows(
      'SELECT FROM cdm.order_versions WHERE object_id = ANY ($1::bigint[])',
      [ids],
    );
    return rows.length;
  }
});

describe('messages that the database refuses, among none that is good', () => {
  const pipeline = usePipeline({ partitions: 2 });

  it('end as dead letters when they are one message, many times', async () => {
    await pipeline.dictionary.put(dictionary);
    await pipeline.database.rows(
      'ALTER TABLE stg.order_events ADD CONSTRAINT not_these CHECK (object_id NOT BETWEEN 1 AND 9)',
    );
    await pipeline.sendOrders(Array.from({ length: 100 }, () => ({ value: sourceText({ id: 1 }) })));
    await pipeline.settled();
    expect(await pipeline.deadLetters('stg')).toHaveLength(100);
  });

  it('end as dead letters when there are many, as soon as a good one is stored', async () => {
    const ids = idsFrom(2, 8);
    await pipeline.sendOrders(ids.map((id) => ({ value: sourceText({ id }) })));
    const ready = async () => (await fetch(`${pipeline.service('stg').url}/health/ready`)).text();
    await expect.poll(ready).toContain('PostgreSQL refuses every message');
    await pipeline.sendOrders([{ value: sourceText({ id: 100 }), partition: 1 }]);
    await pipeline.settled();
    expect(await pipeline.deadLetters('stg')).toHaveLength(100 + ids.length);
  });

  it('end as dead letters when the good one comes behind them in their partition', async () => {
    const ids = idsFrom(1, 8);
    const texts = ids.map((id) => sourceText({ id, updateTs: '2024-03-02 13:00:00' }));
    await pipeline.sendOrders(texts.map((value) => ({ value })));
    const ready = async () => (await fetch(`${pipeline.service('stg').url}/health/ready`)).text();
    await expect.poll(ready).toContain('PostgreSQL refuses every message');
    await pipeline.sendOrders([{ value: sourceText({ id: 101 }) }]);
    await pipeline.settled();
    expect(await pipeline.deadLetters('stg')).toHaveLength(108 + ids.length);
  });
});

function idsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => first + place);
}
