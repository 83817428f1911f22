import { describe, expect, it } from 'vitest';
import { sourceOrder } from '@app/contracts/source-order-example';
import { outcomesOf, repeatsAsOne } from './batch-outcomes';
import { readOrder, type ReadOrder, type Received } from '../order/read-order';

const message = (objectId: number) => JSON.stringify({ ...sourceOrder(), object_id: objectId });
const read = (text: string) =>
  readOrder({
    topic: 't',
    partition: 0,
    offset: '0',
    timestamp: '0',
    key: null,
    value: Buffer.from(text),
    headers: [],
  });
const used = { userEntryPk: 'u', restaurantEntryPk: 'r', earlierMenus: null };
const refused = { kind: 'refused', reason: 'message_too_large', message: 'too large' } as const;

describe('repeatsAsOne', () => {
  it('makes one record of the repeats of a version', () => {
    const newer = message(1).replace('"sent_dttm":"2', '"sent_dttm":"3');
    const all = [message(1), message(2), newer, message(1), newer].map(read);
    const [first, other, next] = all;
    expect(repeatsAsOne(all)).toEqual([first, other, next, first, next]);
    expect(repeatsAsOne(all).map((one) => all.indexOf(one))).toEqual([0, 1, 2, 0, 2]);
  });

  it('leaves what is no order as it is', () => {
    const all = ['{}', '{}', 'x'].map(read);
    expect(repeatsAsOne(all)).toEqual(all);
  });
});

describe('outcomesOf', () => {
  const { received } = read(message(1)) as ReadOrder;

  it('sends the first of repeats', () => {
    const output = { key: 'u', value: 'v' };
    expect(
      outcomesOf([received, received], [{ kind: 'complete', received, used, isDated: true, output }]),
    ).toEqual([
      { kind: 'processed', output },
      { kind: 'processed', output: undefined },
    ]);
  });

  it('makes a dead letter of each repeat that cannot be sent', () => {
    for (const order of [
      { kind: 'too_large', received, used, isDated: true, refused },
      { kind: 'refused', received, refused },
    ] as const) {
      expect(outcomesOf([received, received], [order])).toEqual([refused, refused]);
    }
  });

  it('parks each repeat, with each kind of what is missing once', () => {
    const missing = ['1', '2'].map((id) => ({ kind: 'dish' as const, id }));
    const parked = { kind: 'parked', missing: ['dish'] };
    const order = { kind: 'parked', received, used: null, missing, place: 'newest' } as const;
    expect(outcomesOf([received, received], [order])).toEqual([parked, parked]);
  });

  it('passes on what was skipped or refused when it was read', () => {
    expect(outcomesOf([read('{}') as Received, refused], [])).toEqual([{ kind: 'skipped' }, refused]);
  });
});
