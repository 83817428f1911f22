import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { Pipeline } from '../harness/pipeline';
import { Random } from '../history/random';
import type { Tables } from '../oracle/rows';
import { readTables } from '../oracle/tables';
import { drawSeed, isLong } from '../history/seed';
import { randomTraffic } from './orders/random-traffic';
import { dictionary } from './orders/small-town';
import { MirroredHistory } from './orders/mirrored-history';
import { putRules, rulesFor } from './tags/put-rules';

/*
 * Guarantee 3: any permutation of the messages, with repeats, in any batches, over any number of replicas, ends in the
 * same vault and the same marts; load metadata and the order_dt of an order's hub aside.
 */
const seed = drawSeed();
const MESSAGES = isLong ? 2_000 : 300;
const ORDERS = isLong ? 20 : 2;
const PARTITIONS = 6;
const SETTLE_MS = isLong ? 300_000 : 90_000;

describe(`the same messages in any order (SEED=${seed})`, () => {
  const traffic = randomTraffic(new Random(seed), MESSAGES);
  // The same ids each time.
  const rules = rulesFor(dictionary).map((rule) => ({ ...rule, id: randomUUID() }));
  let first: Tables | undefined;

  const orders = Array.from({ length: ORDERS }, (_, place) => [place + 1, place % 2 === 0 ? 1 : 3] as const);
  it.each(orders.slice(0, 2))(
    'end in the same vault and the same marts: order %i, %i of each service',
    { tags: ['short'], timeout: 3 * SETTLE_MS },
    endInTheSame,
  );
  it.each(orders.slice(2))(
    'end in the same vault and the same marts: order %i, %i of each service',
    { timeout: 3 * SETTLE_MS },
    endInTheSame,
  );

  async function endInTheSame(number: number, replicas: number): Promise<void> {
    const random = new Random(seed + number);
    const pipeline = new Pipeline(inject('stack'), { partitions: PARTITIONS });
    let failed = true;
    try {
      await pipeline.prepare();
      const services = (['stg', 'dds', 'cdm'] as const).flatMap((name) => [
        pipeline.service(name),
        ...Array.from({ length: replicas - 1 }, () => pipeline.replica(name)),
      ]);
      await putRules(pipeline, rules);
      await pipeline.dictionary.put(dictionary);
      await Promise.all(services.map((service) => service.start()));
      const history = new MirroredHistory(pipeline);
      const order = number === 1 ? traffic : random.shuffled(traffic);
      const sent = [];
      for (let next = 0; next < order.length;) {
        const batch = order.slice(next, next + random.pick([1, 2, 5, 20, 100, 500]));
        next += batch.length;
        const spread = random.pick([1, 2, PARTITIONS]);
        sent.push(
          ...(await pipeline.sendOrders(
            batch.map((value) => ({ value, partition: random.whole(0, spread - 1) })),
            { random },
          )),
        );
      }
      history.note(dictionary, sent);
      await pipeline.settled(SETTLE_MS);

      expect(await history.differences()).toEqual([]);
      const vaultAndMarts = comparable(await readTables(pipeline.database.pool));
      first ??= vaultAndMarts;
      expect(vaultAndMarts).toEqual(first);
      failed = false;
    } finally {
      if (failed) {
        console.error(pipeline.tails());
      }
      await pipeline.remove({ keepLogs: failed });
    }
  }
});

function comparable(tables: Tables): Tables {
  return Object.fromEntries(
    Object.entries(tables)
      .filter(([name]) => !name.startsWith('stg.'))
      .map(([name, rows]) => [
        name,
        rows
          .map(({ order_dt, ...row }) =>
            name === 'dds.h_order' ? row : { ...row, ...(order_dt && { order_dt }) },
          )
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      ]),
  );
}
