import { describe, expect, it } from 'vitest';
import { encodeJson } from '@app/values/json-text';
import { stagedOrder } from '@app/contracts/staged-order-example';
import { orderKeys } from './order-keys';
import { readStagedOrder } from './read-staged-order';

const read = (message: unknown) =>
  readStagedOrder({
    topic: 'stg-service-orders',
    partition: 0,
    offset: '7',
    timestamp: '0',
    key: null,
    value: Buffer.from(encodeJson(message)),
    headers: [],
  });

describe('readStagedOrder', () => {
  it('reads an order version and gives it its keys', () => {
    expect(read(stagedOrder())).toEqual({
      kind: 'order',
      staged: stagedOrder(),
      keys: orderKeys(stagedOrder()),
    });
  });

  it.each([['user'], ['restaurant'], ['products'], ['statuses'], ['order_version'], ['update_ts']])(
    'refuses an order without %s',
    (member) => {
      expect(read(stagedOrder({ [member]: undefined }))).toEqual({
        kind: 'refused',
        reason: 'invalid_message',
        message: `payload.${member} is missing`,
      });
    },
  );

  it('refuses what is no order', () => {
    expect(read({ ...stagedOrder(), object_type: 'user' })).toMatchObject({
      message: 'object_type must be "order", got "user"',
    });
    expect(read({ ...stagedOrder(), payload: [] })).toMatchObject({
      message: 'payload must be an object, got []',
    });
    expect(read([])).toMatchObject({ reason: 'invalid_json' });
  });
});
