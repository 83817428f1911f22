import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { MessageSchemas } from './harness/message-schemas';
import { Traffic } from './guarantees/crash/traffic';
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

interface Published {
  user_id?: string;
  payload?: { user_id?: string; user?: { id: string } };
}

function textsOf({ headers }: StoredMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
