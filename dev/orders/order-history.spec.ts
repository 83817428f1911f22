import { describe, expect, it } from 'vitest';
import { brokenRules } from '../../test/harness/broken-rules';
import { makeDictionary } from './dictionary';
import type { OrderMessage, SentNoise, SentVersion } from './order-message';
import { orderHistory } from './order-history';
import { DAY, formatSourceTime } from './source-time';

const dictionary = makeDictionary({ seed: 1 });
const end = Date.UTC(2024, 4, 1, 12);
const options = { dictionary, seed: 1, orders: 5_000, end, firstOrderId: 10_999_500 };

const messages = [...orderHistory({ ...options, latecomers: dictionary.latecomers.history })];
const versions = messages.filter(isVersion);
const noise = messages.filter((message): message is SentNoise => !isVersion(message));
const byOrder = groupByOrder(versions);

describe('orderHistory', () => {
  it('makes the same messages, byte for byte, from the same options', () => {
    const texts = (seed: number) =>
      [...orderHistory({ ...options, seed, orders: 1_000 })].map(({ text }) => text);
    expect(texts(1)).toEqual(texts(1));
    expect(texts(2)).not.toEqual(texts(1));
  });

  it('counts distinct orders; there are more messages', () => {
    expect(byOrder.size).toBe(5_000);
    expect(versions.filter(({ isFirst }) => isFirst)).toHaveLength(5_000);
    expect(messages.length / 5_000).toSatisfy((ratio: number) => ratio > 1.4 && ratio < 2.5);
  });

  it('sends orders that keep every rule of the source', () => {
    for (const { text } of versions) {
      expect({ text, broken: brokenRules(text) }).toEqual({ text, broken: [] });
    }
  });

  it('writes ids exactly and in increasing order, some above eleven million, two beyond 2^53', () => {
    for (const { text, version } of versions) {
      expect(text).toMatch(`{"object_id":${version.orderId},`);
    }
    const ids = [...byOrder.keys()];
    const wide = ids.filter((id) => id > 2n ** 53n);
    expect(wide).toHaveLength(2);
    for (const id of wide) {
      expect(BigInt(Number(id))).not.toBe(id);
    }
    const usual = ids.filter((id) => id < 2n ** 53n).sort((a, b) => Number(a - b));
    expect(usual[0]).toBe(10_999_500n);
    expect(usual.at(-1)).toBe(11_004_499n);
    const openings = usual.map((id) => byOrder.get(id)![0]!.version.statuses.at(-1)!.at);
    expect(openings).toEqual([...openings].sort((a, b) => a - b));
  });

  it('comes in the order of arrival, within the week', () => {
    const arrivals = messages.map(({ at }) => at);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(arrivals[0]).toBeGreaterThanOrEqual(end - 7 * DAY);
    for (const { version } of versions) {
      expect(Math.max(version.updatedAt, version.sentAt, version.statuses[0].at)).toBeLessThanOrEqual(end);
    }
  });

  it('keeps user and restaurant of an order', () => {
    for (const sent of byOrder.values()) {
      expect(new Set(sent.map(({ version }) => version.user.id + version.restaurant.id)).size).toBe(1);
    }
  });

  it('has one text per (update_ts, sent_dttm) of an order, so that its versions are ordered', () => {
    for (const sent of byOrder.values()) {
      const texts = new Set(sent.map(({ text }) => text));
      const moments = new Set(
        sent.map(({ version }) => formatSourceTime(version.updatedAt) + formatSourceTime(version.sentAt)),
      );
      expect(moments.size).toBe(texts.size);
    }
  });

  it('ends most orders CLOSED, some CANCELLED, and none on its way', () => {
    const final = [...byOrder.values()].map((sent) => newest(sent).version.statuses[0].status);
    const closed = final.filter((status) => status === 'CLOSED').length / final.length;
    expect(closed).toSatisfy((share: number) => share > 0.9 && share < 0.97);
    expect(new Set(final)).toEqual(new Set(['CLOSED', 'CANCELLED']));
  });

  it('has every status of some orders, one after the other', () => {
    const followed = [...byOrder.values()].filter((sent) =>
      sent.some(({ version }) => version.statuses.length === 1),
    );
    expect(followed.length / byOrder.size).toBeCloseTo(0.2, 1);
    for (const sent of followed) {
      const given = new Set(sent.map(({ version }) => version.statuses.length));
      expect(given.size).toBe(newest(sent).version.statuses.length);
    }
  });

  it('repeats byte for byte what was sent before', () => {
    const repeats = withReason('repeat');
    expect(repeats.length).toBeGreaterThan(50);
    for (const repeat of repeats) {
      const before = versions.slice(0, versions.indexOf(repeat));
      expect(before.some(({ text }) => text === repeat.text)).toBe(true);
    }
    expect(new Set(versions.map(({ text }) => text)).size).toBe(versions.length - repeats.length);
  });

  it('sends late versions after newer ones', () => {
    const late = withReason('late');
    expect(late.length).toBeGreaterThan(20);
    for (const message of late) {
      const sent = byOrder.get(message.version.orderId)!;
      const before = sent.slice(0, sent.indexOf(message));
      expect(before.some(({ version }) => version.updatedAt > message.version.updatedAt)).toBe(true);
    }
  });

  it('corrects items or amounts of closed orders in a later version', () => {
    const corrections = withReason('correction');
    expect(corrections.length).toBeGreaterThan(30);
    for (const { version } of corrections) {
      const before = versionBefore(version);
      expect(before.statuses).toEqual(version.statuses);
      expect(before.lines).not.toEqual(version.lines);
    }
  });

  it('cancels closed orders afterwards', () => {
    const cancellations = withReason('cancellation');
    expect(cancellations.length).toBeGreaterThan(20);
    for (const { version } of cancellations) {
      expect(version.statuses.slice(0, 2).map(({ status }) => status)).toEqual(['CANCELLED', 'CLOSED']);
      expect(versionBefore(version).statuses[0].status).toBe('CLOSED');
    }
  });

  it('sends the same version again with a later sent_dttm', () => {
    const resent = withReason('resent');
    expect(resent.length).toBeGreaterThan(20);
    for (const { version } of resent) {
      const { sentAt, ...same } = version;
      const [original] = versions.filter((other) => {
        const { sentAt: earlier, ...rest } = other.version;
        return earlier < sentAt && rest.orderId === same.orderId && rest.updatedAt === same.updatedAt;
      });
      expect(original?.version).toEqual({ ...same, sentAt: original?.version.sentAt });
    }
  });

  it('sends some orders days after their date', () => {
    const delayed = versions.filter(({ version }) => version.sentAt - version.updatedAt >= DAY);
    expect(delayed.length / versions.length).toSatisfy((share: number) => share > 0.05 && share < 0.15);
  });

  it('lets few dishes, restaurants and users take most orders', () => {
    const orders = versions.filter(({ isFirst }) => isFirst).map(({ version }) => version);
    const menus = dictionary.restaurants.items.reduce((sum, { dishes }) => sum + dishes.items.length, 0);
    const lines = orders.flatMap((order) => order.lines.map(({ dish }) => dish.id));
    expect(shareOfTop(lines, menus / 10)).toBeGreaterThan(0.5);
    expect(
      shareOfTop(
        orders.map(({ restaurant }) => restaurant.id),
        5,
      ),
    ).toBeGreaterThan(0.4);
    expect(
      shareOfTop(
        orders.map(({ user }) => user.id),
        100,
      ),
    ).toBeGreaterThan(0.25);
  });

  it('has at least 12 categories, 1 to 5 lines, and sometimes a dish on two of them', () => {
    const orders = versions.map(({ version }) => version.lines);
    expect(new Set(orders.flat().map(({ dish }) => dish.category)).size).toBeGreaterThanOrEqual(12);
    expect(new Set(orders.map(({ length }) => length))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(orders.some((lines) => new Set(lines.map(({ dish }) => dish)).size < lines.length)).toBe(true);
  });

  it('has more orders in the evening than at night', () => {
    const hours = [...byOrder.values()].map(([first]) =>
      new Date(first!.version.statuses.at(-1)!.at).getUTCHours(),
    );
    const evening = hours.filter((hour) => hour >= 18 && hour <= 21).length;
    const night = hours.filter((hour) => hour >= 1 && hour <= 4).length;
    expect(evening).toBeGreaterThan(10 * night);
  });

  it('has a few messages that are no orders, and fewer that are broken', () => {
    const nonOrders = noise.filter(({ reason }) => reason === 'non_order');
    expect(nonOrders.length / messages.length).toBeCloseTo(0.005, 2);
    expect(new Set(nonOrders.map(({ form }) => form)).size).toBe(4);
    for (const { text } of nonOrders) {
      const { object_type: type, payload } = JSON.parse(text);
      expect(type !== 'order' || payload === undefined || payload === null).toBe(true);
    }
    const broken = noise.filter(({ reason }) => reason === 'broken');
    expect(broken.length).toSatisfy((count: number) => count > 0 && count < 30);
    for (const { text } of broken) {
      expect(isBroken(text)).toBe(true);
    }
  });

  it('gives one order to each latecomer', () => {
    const { history } = dictionary.latecomers;
    const entries = history.map((late) => ('user' in late ? late.user.entry : late.restaurant.entry));
    expect(versions.flatMap(({ awaits }) => awaits ?? [])).toEqual(entries);
    for (const { key } of entries) {
      const orders = versions.filter(
        ({ version }) => version.user.id === key || version.restaurant.id === key,
      );
      expect(new Set(orders.map(({ version }) => version.orderId)).size).toBe(1);
      expect(orders[0]!.awaits?.key).toBe(key);
    }
  });

  it('when clean, sends every version once and in turn: the same orders, undisturbed', () => {
    const clean = [...orderHistory({ ...options, isClean: true })].filter(isVersion);
    expect(new Set(clean.map(({ reason }) => reason))).toEqual(new Set(['status']));
    const undisturbed = new Set(versions.map(({ text }) => text));
    const latecomers = 3;
    const changed = new Set(
      clean.filter(({ text }) => !undisturbed.has(text)).map(({ version }) => version.orderId),
    );
    expect(changed.size).toBe(latecomers);
    for (const sent of groupByOrder(clean).values()) {
      const updates = sent.map(({ version }) => version.updatedAt);
      expect(updates).toEqual([...new Set(updates)].sort((a, b) => a - b));
    }
  });

  it.each([0, 1, 7])('makes a history of %i orders', (orders) => {
    const sent = [...orderHistory({ ...options, orders })].filter(isVersion);
    expect(groupByOrder(sent).size).toBe(orders);
  });
});

function isVersion(message: OrderMessage): message is SentVersion {
  return 'version' in message;
}

function groupByOrder(sent: SentVersion[]): Map<bigint, SentVersion[]> {
  const groups = new Map<bigint, SentVersion[]>();
  for (const message of sent) {
    const { orderId } = message.version;
    groups.set(orderId, [...(groups.get(orderId) ?? []), message]);
  }
  return groups;
}

function withReason(reason: SentVersion['reason']): SentVersion[] {
  return versions.filter((message) => message.reason === reason);
}

function newest(sent: SentVersion[]): SentVersion {
  return sent.reduce((a, b) => (b.version.updatedAt > a.version.updatedAt ? b : a));
}

function versionBefore({ orderId, updatedAt }: SentVersion['version']): SentVersion['version'] {
  return newest(byOrder.get(orderId)!.filter(({ version }) => version.updatedAt < updatedAt)).version;
}

function shareOfTop(drawn: string[], top: number): number {
  const counts = new Map<string, number>();
  for (const item of drawn) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  const largest = [...counts.values()].sort((a, b) => b - a).slice(0, top);
  return largest.reduce((sum, count) => sum + count, 0) / drawn.length;
}

function isBroken(text: string): boolean {
  try {
    return text.includes('\\u0000') || brokenRules(text).length > 0;
  } catch {
    return true;
  }
}
