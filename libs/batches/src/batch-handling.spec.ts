import { expect, it } from 'vitest';
import { Refusals } from '@app/servers/refusals';
import type { Judgement } from '@app/servers/verdict';
import { BatchHandling } from './batch-handling';
import type { Hold } from './hold';
import type { BatchHandler, KafkaRecord } from './outcome';
import type { PositionComparison } from './position-comparison';

const condemned: Judgement = { verdict: 'condemn', server: 'postgresql', reason: 'SQLSTATE 23514' };
const hold = { progress: { step: () => undefined }, reportRepeat: () => undefined } as unknown as Hold;
const comparison = { begin: async () => undefined } as unknown as PositionComparison;

const batch = Array.from({ length: 8 }, (_, place) => ({
  offset: String(place),
  value: Buffer.from(String(place)),
})) as KafkaRecord[];

/** The last message is tried with all, with four, with two and then alone. */
const LAST_ALONE = 4;

/** A database that refuses a batch of which it refuses any message. */
function handlerOf(isRefused: (record: KafkaRecord) => boolean): BatchHandler {
  return async (records) => {
    if (records.map(isRefused).includes(true)) {
      throw Object.assign(new Error('violates a check constraint'), { code: '23514' });
    }
    return records.map(() => ({ kind: 'processed' }));
  };
}

async function refusedOf(refusals: Refusals, isRefused: (record: KafkaRecord) => boolean): Promise<string[]> {
  const handling = new BatchHandling(handlerOf(isRefused), hold, comparison, refusals, () => condemned);
  const outcomes = await handling.outcomes(batch);
  return batch.filter((_, place) => outcomes[place]!.kind === 'refused').map(({ offset }) => offset);
}

it('blames many messages that are refused, where the others are stored', async () => {
  expect(await refusedOf(new Refusals(), ({ offset }) => offset < '6')).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
});

it('does not blame messages that were refused before another batch is stored', async () => {
  const refusals = new Refusals();
  let attempts = 0;
  const refused = await refusedOf(refusals, ({ offset }) => {
    attempts += Number(offset === '7');
    if (offset === '7' && attempts === LAST_ALONE) {
      refusals.taken();
    }
    return attempts <= LAST_ALONE;
  });
  expect(refused).toEqual([]);
});

it('does not blame the first messages of a batch in the middle of which the database is mended', async () => {
  let attempts = 0;
  const refused = await refusedOf(new Refusals(), ({ offset }) => {
    attempts += Number(offset === '7');
    return attempts < LAST_ALONE;
  });
  expect(refused).toEqual([]);
});
