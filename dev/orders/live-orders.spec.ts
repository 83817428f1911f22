import { describe, expect, it } from 'vitest';
import { brokenRules } from '../../test/harness/broken-rules';
import { makeDictionary } from './dictionary';
import { liveOrders } from './live-orders';
import { MINUTE, SECOND } from './source-time';

const dictionary = makeDictionary({ seed: 1 });
const start = Date.UTC(2024, 4, 1, 12);
const options = { dictionary, seed: 1, ordersPerMinute: 5, start, firstOrderId: 1, orders: 500 };
const messages = [...liveOrders({ ...options, latecomers: dictionary.latecomers.live })];
const versions = messages.flatMap((message) => ('version' in message ? message : []));

describe('liveOrders', () => {
  it('makes the same messages, byte for byte, from the same options', () => {
    const texts = (seed: number) =>
      [...liveOrders({ ...options, seed, orders: 100 })].map(({ text }) => text);
    expect(texts(1)).toEqual(texts(1));
    expect(texts(2)).not.toEqual(texts(1));
  });

  it('never ends without a number of orders', () => {
    const endless = liveOrders({ ...options, orders: undefined });
    for (let taken = 0; taken < 20_000; taken++) {
      expect(endless.next().done).toBe(false);
    }
  });

  it('opens orders at the given rate', () => {
    const opened = versions
      .filter(({ isFirst }) => isFirst)
      .map(({ version }) => version.statuses.at(-1)!.at);
    expect(opened).toHaveLength(500);
    const minutes = Array.from({ length: 100 }, () => 0);
    for (const at of opened) {
      minutes[Math.floor((at - start) / MINUTE)]! += 1;
    }
    expect(new Set(minutes)).toEqual(new Set([5]));
  });

  it('sends orders that keep every rule of the source', () => {
    for (const { text } of versions) {
      expect({ text, broken: brokenRules(text) }).toEqual({ text, broken: [] });
    }
  });

  it('sends every status as it happens, to the end within two minutes', () => {
    const happened = versions.filter(({ reason }) => reason === 'status' || reason === 'late');
    expect(new Set(happened.map(({ version }) => version.statuses[0].status))).toEqual(
      new Set(['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED']),
    );
    for (const { version, at } of happened) {
      expect(at - version.statuses.at(-1)!.at).toBeLessThan(2 * MINUTE);
    }
    for (const { version, at } of happened.filter(({ reason }) => reason === 'status')) {
      expect(at - version.updatedAt).toBeLessThanOrEqual(SECOND);
    }
  });

  it('shows every disturbance', () => {
    expect(new Set(messages.map(({ reason }) => reason))).toEqual(
      new Set(['status', 'correction', 'cancellation', 'late', 'resent', 'repeat', 'non_order', 'broken']),
    );
    expect(versions.filter(({ awaits }) => awaits)).toHaveLength(3);
  });

  it('when clean, shows none', () => {
    const clean = [...liveOrders({ ...options, isClean: true })];
    expect(new Set(clean.map(({ reason }) => reason))).toEqual(new Set(['status']));
  });
});
