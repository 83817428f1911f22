import { beforeAll, describe, expect, inject, it } from 'vitest';
import { anyTime } from '../../ops/topics/any-time';
import { runTool } from '../harness/run-tool';
import type { StoredMessage } from '../harness/scratch-topics';
import { usePipeline } from '../harness/use-pipeline';
import { hashKey } from '../oracle/hash-key';
import { untilSeen } from './crash/until-seen';
import { WallClock } from './crash/wall-clock';
import { dictionary, userEntry } from './orders/small-town';
import { line, sourceText } from './orders/source-text';
import { putRules } from './tags/put-rules';
import { sources } from '../harness/pipeline';

/*
 * Guarantee 6, where a topic is written: what a broker refuses for the message itself, its time, its size, its missing
 * key, ends in a dead letter that says so, and its neighbours go on. What it refuses of every message waits.
 */
const services = ['stg', 'dds', 'cdm'] as const;
const HOUR = 3_600_000n;

const own = ({ headers }: StoredMessage) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('dlq.') ? [[name.slice(4), String(value)]] : [],
    ),
  );

/** Letters that do not compress. */
function noise(length: number): string {
  return Array.from({ length: Math.ceil(length / 36) }, (_, place) => hashKey('noise', String(place)))
    .join('')
    .slice(0, length);
}

describe('a message that the dead-letter topic does not take as it came', () => {
  const pipeline = usePipeline({ partitions: 1 });

  describe.each(services)('of %s', (service) => {
    const topic = `${service}-service-dlq`;

    beforeAll(async () => {
      await pipeline.topics.configure(sources[service], anyTime);
    });

    /** The dead letters of these offsets. */
    async function lettersOf(first: bigint, count: number): Promise<StoredMessage[]> {
      await pipeline.settled();
      const letters = await pipeline.deadLetters(service);
      return Array.from({ length: count }, (_, place) => {
        const found = letters.filter((letter) => own(letter).offset === String(first + BigInt(place)));
        expect(found).toHaveLength(1);
        return found[0]!;
      });
    }

    it('for its time has the present, and says its own, beside others with theirs', async () => {
      await pipeline.topics.configure(topic, {
        'message.timestamp.before.max.ms': String(24n * HOUR),
        'message.timestamp.after.max.ms': String(HOUR),
      });
      const now = BigInt(Date.now());
      const times = [now, now + 72n * HOUR, now - HOUR, 0n, now * 1_000n, now - 48n * HOUR, now - 2n * HOUR];
      const refused = [1, 3, 4, 5];
      const first = await pipeline.topics.sendRaw(
        sources[service],
        times.map((timestamp, place) => ({
          key: `k${place}`,
          value: `{${place}`,
          headers: [['a', null]],
          timestamp,
        })),
      );
      const letters = await lettersOf(first, times.length);
      for (const [place, letter] of letters.entries()) {
        expect([String(letter.key), String(letter.value)]).toEqual([`k${place}`, `{${place}`]);
        expect(letter.headerList![0]).toEqual([Buffer.from('a'), null]);
        const { altered, original_timestamp = letter.timestamp } = own(letter);
        expect(altered).toBe(refused.includes(place) ? 'timestamp' : undefined);
        expect(String(original_timestamp)).toBe(String(times[place]));
        const stamp = Number(refused.includes(place) ? now : times[place]);
        expect(Math.abs(Number(letter.timestamp) - stamp)).toBeLessThan(600_000);
      }
    });

    it('for its size has no value, or no headers either', async () => {
      await pipeline.topics.configure(topic, { ...anyTime, 'max.message.bytes': '3000' });
      const first = await pipeline.topics.sendRaw(sources[service], [
        { key: 'k0', value: '{small' },
        { key: 'k1', value: `{${noise(9_000)}`, headers: [['a', 'b']] },
        { key: 'k2', value: '{small', headers: [['a', noise(9_000)]] },
        { key: 'k3', value: '{small again' },
      ]);
      const letters = await lettersOf(first, 4);
      expect(letters.map((letter) => own(letter).altered)).toEqual([
        undefined,
        'value',
        'value,key,headers',
        undefined,
      ]);
      const named = letters.map(({ headers }) => '__connect.errors.topic' in headers);
      expect(named).toEqual([true, false, false, true]);
      expect(letters.map(({ value }) => value && String(value))).toEqual([
        '{small',
        null,
        null,
        '{small again',
      ]);
      expect(String(letters[1]!.headers.a)).toBe('b');
      const place = `${pipeline.topics.name(sources[service])}:0:${first + 2n}`;
      expect(letters.map(({ key }) => String(key))).toEqual(['k0', 'k1', place, 'k3']);
    });

    it('because it is compacted and the message has no key, has its place as key', async () => {
      await pipeline.topics.configure(topic, { ...anyTime, 'cleanup.policy': 'compact' });
      const first = await pipeline.topics.sendRaw(sources[service], [
        { key: 'k', value: '{with key' },
        { key: null, value: '{without' },
      ]);
      const letters = await lettersOf(first, 2);
      expect(letters.map(({ value }) => String(value))).toEqual(['{with key', '{without']);
      expect(letters.map((letter) => own(letter).altered)).toEqual([undefined, 'key']);
      await pipeline.topics.configure(topic, anyTime);
    });
  });
});

describe('an output that the next topic refuses', () => {
  const pipeline = usePipeline({ partitions: 1 });
  const large = { id: 'd1', name: noise(60_000) };

  beforeAll(() => pipeline.dictionary.put(dictionary));

  const order = (id: number, user: string, name?: string) => ({
    value: sourceText({ id, user, items: [name ? { ...line('d1'), name } : line('d1')] }),
  });

  it('makes a dead letter of its message, and the others go on', async () => {
    await pipeline.sendOrders([order(1, 'u1')]);
    await pipeline.settled();
    // The services have asked for the limit and do not know of the new one.
    await pipeline.topics.limit('stg-service-orders', 12_000);
    const sent = await pipeline.sendOrders([order(2, 'u1'), order(3, 'u1', large.name), order(4, 'u1')]);
    await pipeline.settled();
    const letters = await pipeline.deadLetters('stg');
    expect(letters.map(own)).toMatchObject([{ reason: 'message_too_large', offset: sent[1]!.offset }]);
    expect(await ordersOfMarts()).toEqual([1, 2, 4]);
  });

  it('goes out as soon as the topic takes messages of its size', async () => {
    await pipeline.sendOrders([order(5, 'u1')]);
    await pipeline.settled();
    // stg has asked for the limit of 12,000, and does not know of the new one.
    await pipeline.topics.limit('stg-service-orders', 4_194_304);
    await pipeline.sendOrders([order(6, 'u1', large.name)]);
    await pipeline.settled();
    expect(await pipeline.deadLetters('stg')).toHaveLength(1);
    expect(await ordersOfMarts()).toEqual([1, 2, 4, 5, 6]);
  });

  it('waits where the topic does not take the time of the host, which no message is to blame for', async () => {
    await pipeline.topics.configure('stg-service-orders', { 'message.timestamp.before.max.ms': '60000' });
    const clock = new WallClock(pipeline);
    clock.set(-3_600_000);
    await pipeline.service('stg').stop();
    const behind = pipeline.replica('stg', clock.environment);
    await behind.start();
    await pipeline.sendOrders([order(100, 'u1'), order(101, 'u1')]);
    await untilSeen(behind, {
      server: 'kafka',
      words: /does not take the time of this host, see its clock/,
    });
    clock.set(0);
    await pipeline.settled();
    expect(await pipeline.deadLetters('stg')).toHaveLength(1);
    expect(await ordersOfMarts()).toEqual([1, 2, 4, 5, 6, 100, 101]);
    // Goes on with another that has asked for the limit.
    await behind.stop();
    await pipeline.topics.limit('stg-service-orders', 4_194_304);
    await pipeline.service('stg').start();
    await pipeline.sendOrders([order(102, 'u1')]);
    await pipeline.settled();
  });

  it('waits where the topic refuses one message after another, and takes none', async () => {
    const before = (await pipeline.deadLetters('stg')).length;
    await pipeline.topics.limit('stg-service-orders', 100);
    const ids = Array.from({ length: 30 }, (_, place) => 150 + place);
    await pipeline.sendOrders(ids.map((id) => order(id, 'u1')));
    await untilSeen(pipeline.service('stg'), {
      server: 'kafka',
      words: /refuses every message, and takes none, see its settings: MESSAGE_TOO_LARGE/,
    });
    await pipeline.topics.limit('stg-service-orders', 4_194_304);
    await pipeline.settled();
    const refused = (await pipeline.deadLetters('stg')).length - before;
    expect(refused).toBeLessThanOrEqual(3);
    const arrived = (await ordersOfMarts()).filter((id) => ids.includes(id));
    expect(arrived).toHaveLength(ids.length - refused);
  });

  it('waits where the dead-letter topic takes a dead letter in no form', async () => {
    const before = (await pipeline.deadLetters('stg')).length;
    await pipeline.topics.limit('stg-service-dlq', 100);
    await pipeline.sendOrders([{ value: '{' }]);
    await untilSeen(pipeline.service('stg'), {
      server: 'kafka',
      words: /takes a dead letter in no form, see its settings: MESSAGE_TOO_LARGE/,
    });
    await pipeline.topics.limit('stg-service-dlq', 4_259_840);
    await pipeline.settled();
    expect(await pipeline.deadLetters('stg')).toHaveLength(before + 1);
  });

  it('makes a dead letter of a parked order', async () => {
    await pipeline.sendOrders([order(201, 'late'), order(202, 'late', large.name), order(203, 'late')]);
    await pipeline.settled();
    await pipeline.topics.limit('stg-service-orders', 12_000);
    await pipeline.dictionary.put({ late: userEntry('late', 'Late') });
    const pending = () => pipeline.database.rows('SELECT object_id FROM stg.pending_orders');
    await expect.poll(pending).toEqual([]);
    await pipeline.settled();
    const letters = await pipeline.deadLetters('stg');
    const ofLarge = letters.filter(({ value }) => /"object_id":202\b/.test(String(value)));
    expect(ofLarge.map((letter) => own(letter).reason)).toEqual(['message_too_large']);
    expect((await ordersOfMarts()).slice(-2)).toEqual([201, 203]);
  });

  it('that is a tag event becomes a dead letter itself, and is replayed to its topic', async () => {
    const events = 'cdm-service-user-tags';
    await pipeline.topics.limit(events, 100);
    await putRules(pipeline, [{ tag: 'guest', product_id: hashKey('h_product', 'd1'), min_orders: 1 }]);
    await expect.poll(async () => (await pipeline.deadLetters('cdm')).length).toBeGreaterThan(0);
    await pipeline.settled();
    const letters = await pipeline.deadLetters('cdm');
    const topic = pipeline.topics.name(events);
    expect(letters.map(own)).toEqual(
      letters.map(() =>
        expect.objectContaining({ reason: 'message_too_large', topic, partition: '-1', offset: '-1' }),
      ),
    );
    expect(await pipeline.topics.read(events)).toEqual([]);

    await pipeline.topics.limit(events, 1_048_588);
    const letterTopic = pipeline.topics.name('cdm-service-dlq');
    const { stdout } = await runTool('dead-letters', ['replay', '--topic', letterTopic, '--execute'], {
      KAFKA_BROKERS: inject('stack').KAFKA_BROKERS,
      DATABASE_URL: pipeline.database.loginUrls.operator,
    });
    expect(stdout).toContain(`Sent to ${topic}: ${letters.length}`);
    const values = (await pipeline.topics.read(events)).map(({ key, value }) => [String(key), String(value)]);
    expect(values.sort()).toEqual(letters.map(({ key, value }) => [String(key), String(value)]).sort());
  });

  async function ordersOfMarts(): Promise<number[]> {
    const rows = await pipeline.database.rows<{ id: string }>(
      'SELECT object_id AS id FROM cdm.order_versions ORDER BY object_id',
    );
    return rows.map(({ id }) => Number(id));
  }
});
