import { expect, it } from 'vitest';
import { makeDictionary } from '../orders/dictionary';
import { weekOfOrders } from './bench-history';
import { SentHistory } from './sent-history';

const dictionary = makeDictionary({ seed: 1, users: 10, restaurants: 5 });

function sent(week: number): SentHistory {
  const history = new SentHistory();
  for (const message of weekOfOrders(dictionary, 200, week)) {
    history.add(message);
  }
  return history;
}

it('knows of every order its newest version', () => {
  const history = new SentHistory();
  const newest = new Map<string, string>();
  for (const message of weekOfOrders(dictionary, 200)) {
    history.add(message);
    if ('version' in message) {
      newest.set(String(message.version.orderId), JSON.parse(message.text).payload.update_ts);
    }
  }
  expect(history.orders).toBe(200);
  expect(history.messages).toBeGreaterThan(200);
  for (const [id, version] of history.newest) {
    expect(version.startsWith(`${newest.get(id)}.000000|`)).toBe(true);
  }
});

it('counts lines of all versions, dishes and statuses once an order', () => {
  const lines: unknown[] = [];
  const dishes = new Set<string>();
  const statuses = new Set<string>();
  for (const { text } of weekOfOrders(dictionary, 200)) {
    const [, id] = /"object_id":(\d+)/.exec(text)!;
    const { payload } = JSON.parse(text);
    lines.push(...payload.order_items);
    for (const item of payload.order_items) {
      dishes.add(`${id} ${item.id}`);
    }
    for (const { status } of payload.statuses) {
      statuses.add(`${id} ${status}`);
    }
  }
  expect(sent(0)).toMatchObject({ lines: lines.length, dishes: dishes.size, statuses: statuses.size });
});

it('has other orders in another week', () => {
  const first = sent(0).newest;
  expect([...sent(1).newest.keys()].filter((id) => first.has(id))).toEqual([]);
});

it('takes no noise', () => {
  expect(() => new SentHistory().add({ reason: 'broken', form: 'truncated', at: 0, text: '{' })).toThrow(
    'broken',
  );
});
