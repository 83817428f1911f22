import { readFileSync } from 'node:fs';
import { Partitioners } from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyDigest } from '@app/data-vault/hash-key';
import { bucketOf, hashOfBucket, hashOfKey } from '@app/data-vault/user-place';
import { partitionOfHash } from '@app/kafka/partition-of-key';
import { MessageSchemas } from './harness/message-schemas';
import { Traffic } from './guarantees/crash/traffic';
import type { Pipeline } from './harness/pipeline';
import type { StoredMessage } from './harness/scratch-topics';
import { usePipeline } from './harness/use-pipeline';
import { brokenMessages } from './history/broken-messages';

/* What the services publish is what docs/asyncapi.json says: values, keys and headers. */
const document = readFileSync(new URL('../docs/asyncapi.json', import.meta.url), 'utf8');
const schemas = new MessageSchemas(document);

describe('what the services publish', () => {
  const pipeline = usePipeline();

  beforeAll(async () => {
    const traffic = new Traffic(pipeline, { seed: 20, orders: 150, users: 40 });
    await traffic.open();
    await traffic.send();
    await pipeline.sendOrders(
      brokenMessages.slice(0, 50).map((value) => ({ value, key: 'k', headers: { a: 'b' } })),
    );
    await traffic.complete();
    await pipeline.settled();
  });

  it.each([
    ['stg', 'StagedOrder', ({ payload }: Published) => payload!.user!.id],
    ['dds', 'VaultOrder', ({ payload }: Published) => payload!.user_id],
    ['cdm', 'UserTagEvent', ({ user_id: user }: Published) => user],
  ] as const)(
    'keeps the schema, from %s as %s, and has the key that it says',
    async (service, schema, keyOf) => {
      const messages = await pipeline.outputs(service);
      expect(messages.length).toBeGreaterThan(20);
      for (const message of messages) {
        const value = JSON.parse(message.value!.toString()) as Published;
        expect(schemas.problems(schema, value)).toEqual([]);
        expect(message.key!.toString()).toBe(keyOf(value));
        expect(message.headers).toEqual({});
      }
    },
  );

  it('keeps the schema of headers in dead letters, with those that the message had', async () => {
    const letters = await pipeline.deadLetters('stg');
    expect(letters.length).toBeGreaterThan(40);
    for (const letter of letters) {
      const headers = textsOf(letter);
      expect(schemas.problems('DeadLetterHeaders', headers)).toEqual([]);
    }
    expect(textsOf(letters.find(({ key }) => key?.toString() === 'k')!)).toMatchObject({ a: 'b' });
  });
});

describe('the partition of a message', () => {
  const byUser = { PARTITION_BY: 'user' };

  async function published(pipeline: Pipeline): Promise<Record<'stg' | 'dds', StoredMessage[]>> {
    const traffic = new Traffic(pipeline, { seed: 21, orders: 60, users: 30 });
    await traffic.open();
    await traffic.send();
    await traffic.complete();
    await pipeline.settled();
    const [stg, dds] = await Promise.all([pipeline.outputs('stg'), pipeline.outputs('dds')]);
    return { stg, dds };
  }

  describe('is by default', () => {
    const pipeline = usePipeline();

    it('the one that every client of Kafka chooses by the key', async () => {
      const choose = Partitioners.DefaultPartitioner();
      const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }));
      for (const messages of Object.values(await published(pipeline))) {
        expect(messages.length).toBeGreaterThan(50);
        for (const { topic, partition, key } of messages) {
          expect(partition).toBe(choose({ topic, partitionMetadata, message: { key, value: null } }));
        }
      }
    });
  });

  describe('with PARTITION_BY=user is', () => {
    const pipeline = usePipeline({ variables: { stg: byUser, dds: byUser } });

    it('that of the place of the user', async () => {
      const { stg, dds } = await published(pipeline);
      expect(dds.length).toBeGreaterThan(50);
      for (const { partition, key } of stg) {
        const bucket = bucketOf(keyDigest('h_user', String(key)));
        expect(partition).toBe(partitionOfHash(hashOfBucket(bucket), 6));
      }
      for (const { partition, value } of dds) {
        const { payload } = JSON.parse(String(value)) as { payload: { source_user_id: string } };
        expect(partition).toBe(partitionOfHash(hashOfKey(keyDigest('h_user', payload.source_user_id)), 6));
      }
    });
  });
});

interface Published {
  user_id?: string;
  payload?: { user_id?: string; user?: { id: string } };
}

function textsOf({ headers }: StoredMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
