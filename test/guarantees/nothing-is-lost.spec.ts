import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../harness/scratch-topics';
import type { ServiceName } from '../harness/service-process';
import { usePipeline } from '../harness/use-pipeline';
import { Random } from '../history/random';
import { versionOf } from '../oracle/message-differences';
import { judge } from '../oracle/source-message';
import { drawSeed, isLong } from '../history/seed';
import { randomTraffic } from './orders/random-traffic';
import { dictionary } from './orders/small-town';

/*
 * Guarantee 1: every message is processed, skipped as no order, parked or dead-lettered. Every place of a source topic
 * is looked for in tables and topics, and must be found in exactly one of them.
 */
const seed = drawSeed();
const MESSAGES = isLong ? 10_000 : 600;
const SETTLE_MS = isLong ? 300_000 : 90_000;

type Fate = 'processed' | 'skipped' | 'parked' | 'dead-lettered';

describe(`every message of the source (SEED=${seed})`, { tags: ['short'] }, () => {
  const pipeline = usePipeline();
  const random = new Random(seed);
  let sent: number;
  let messages: StoredMessage[];
  /** By partition and offset. */
  let fates: Map<string, Fate[]>;

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    const traffic = random.shuffled(randomTraffic(random, MESSAGES));
    await pipeline.sendOrders(
      traffic.map((value) => ({ value, partition: random.whole(0, 5) })),
      { random },
    );
    await pipeline.settled(SETTLE_MS);
    messages = await pipeline.topics.read('order-service_orders');
    fates = await fatesOf(messages);
    sent = traffic.length;
  }, 2 * SETTLE_MS);

  it('has exactly one fate', () => {
    const odd = [...fates].filter(([, fate]) => fate.length !== 1);
    expect(odd).toEqual([]);
    expect(fates.size).toBe(sent);
  });

  it('is of a kind that is there: no fate is empty in this test', () => {
    expect(new Set([...fates.values()].flat())).toEqual(
      new Set(['processed', 'skipped', 'parked', 'dead-lettered']),
    );
  });

  it('is counted by the service under that fate, and the sum is what came in', async () => {
    const sums: Record<Fate, number> = { processed: 0, skipped: 0, parked: 0, 'dead-lettered': 0 };
    [...fates.values()].flat().forEach((fate) => (sums[fate] += 1));
    expect(await outcomes('stg')).toEqual({
      processed: sums.processed,
      skipped: sums.skipped,
      parked: sums.parked,
      refused: sums['dead-lettered'],
    });
    expect(Object.values(sums).reduce((a, b) => a + b)).toBe(messages.length);
  });

  it('that is processed is passed on, loaded into the vault and known to the marts', async () => {
    const processed = new Set(
      messages
        .filter((message) => fates.get(placeOf(message))![0] === 'processed')
        .map((message) => versionName(message)!),
    );
    const passedOn = async (name: ServiceName) =>
      new Set((await pipeline.outputs(name)).map(({ value }) => versionOf(value!)));
    expect(await passedOn('stg')).toEqual(processed);
    expect(await passedOn('dds')).toEqual(processed);
    expect(
      await names(`SELECT order_id || ' ' || order_version AS name
                   FROM dds.s_order_details JOIN dds.h_order USING (h_order_pk)`),
    ).toEqual(processed);
    const newest = new Map<string, string>();
    for (const name of [...processed].sort()) {
      newest.set(name.slice(0, name.indexOf(' ')), name);
    }
    expect(await names(`SELECT object_id || ' ' || order_version AS name FROM cdm.order_versions`)).toEqual(
      new Set(newest.values()),
    );
    for (const name of ['dds', 'cdm'] as const) {
      expect(await pipeline.deadLetters(name)).toEqual([]);
    }
  });

  async function fatesOf(all: StoredMessage[]): Promise<Map<string, Fate[]>> {
    const skipped = await names(
      `SELECT partition || '/' || message_offset AS name FROM stg.skipped_messages`,
    );
    const letters = (await pipeline.deadLetters('stg')).map(
      ({ headers }) => `${String(headers['dlq.partition'])}/${String(headers['dlq.offset'])}`,
    );
    const parked = await names(`SELECT object_id || ' ' || order_version AS name FROM stg.pending_orders`);
    const staged = `(SELECT * FROM stg.order_events UNION ALL SELECT * FROM stg.superseded_order_events) AS staged`;
    const enriched = await names(
      `SELECT object_id || ' ' || order_version AS name FROM ${staged} WHERE user_entry_pk IS NOT NULL`,
    );
    return new Map(
      all.map((message) => {
        const place = placeOf(message);
        const version = versionName(message);
        const fate: Fate[] = [];
        if (skipped.has(place)) {
          fate.push('skipped');
        }
        if (version && parked.has(version)) {
          fate.push('parked');
        }
        if (version && enriched.has(version)) {
          fate.push('processed');
        }
        fate.push(...letters.filter((letter) => letter === place).map((): Fate => 'dead-lettered'));
        return [place, fate];
      }),
    );
  }

  async function names(query: string): Promise<Set<string>> {
    return new Set((await pipeline.database.rows<{ name: string }>(query)).map(({ name }) => name));
  }

  async function outcomes(name: ServiceName): Promise<Record<string, number>> {
    const metrics = await (await fetch(`${pipeline.service(name).url}/metrics`)).text();
    const found = metrics.matchAll(/^order_vault_messages_total\{outcome="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries(Array.from(found, ([, outcome, count]) => [outcome, Number(count)]));
  }
});

function placeOf({ partition, offset }: Pick<StoredMessage, 'partition' | 'offset'>): string {
  return `${partition}/${offset}`;
}

/** Order and version of a message, if it is an order. */
function versionName({ value }: StoredMessage): string | undefined {
  const judgement = judge(value);
  return judgement.kind === 'order' ? `${judgement.order.orderId} ${judgement.order.version}` : undefined;
}
