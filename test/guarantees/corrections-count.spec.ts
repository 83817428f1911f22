import { beforeAll, describe, expect, it } from 'vitest';
import { usePipeline } from '../harness/use-pipeline';
import { Random } from '../history/random';
import { drawSeed } from '../history/seed';
import { dictionary, menu, restaurantEntry, type Menu } from './orders/small-town';
import { line, sourceText, type OrderChanges } from './orders/source-text';
import { MirroredHistory } from './orders/mirrored-history';

/*
 * Guarantee 4: corrections count. CLOSED → CANCELLED takes the order out of every counter; changed items move it; a
 * late older version changes nothing. After each step all tables are compared with the oracle as well.
 */

/** The minute after 13:00 at which a version became true. */
function at(minute: number): Pick<OrderChanges, 'updateTs' | 'sent'> {
  const mm = String(minute).padStart(2, '0');
  return { updateTs: `2024-03-01 13:${mm}:00`, sent: `2024-03-01 13:${mm}:01` };
}

const seed = drawSeed();

describe(`a corrected order (SEED=${seed})`, () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline, new Random(seed));

  /** Counters of one user: dishes and categories with their numbers of orders; those of the restaurants for all. */
  async function counters(user: string): Promise<Record<string, number>> {
    const rows = await pipeline.database.rows<{ name: string; order_cnt: string }>(
      `SELECT product_name AS name, order_cnt FROM cdm.user_product_counters JOIN cdm.users USING (user_id)
       WHERE source_user_id = $1
       UNION ALL
       SELECT category_name, order_cnt FROM cdm.user_category_counters JOIN cdm.users USING (user_id)
       WHERE source_user_id = $1`,
      [user],
    );
    return Object.fromEntries(rows.map(({ name, order_cnt }) => [name, Number(order_cnt)]));
  }

  async function restaurantCounters(): Promise<Record<string, number>> {
    const rows = await pipeline.database.rows<{ name: string; order_cnt: string }>(
      `SELECT restaurant_name || ': ' || category_name AS name, order_cnt FROM cdm.restaurant_category_counters`,
    );
    return Object.fromEntries(rows.map(({ name, order_cnt }) => [name, Number(order_cnt)]));
  }

  async function happens(...orders: OrderChanges[]): Promise<void> {
    await history.step({ messages: orders.map((order) => sourceText(order)) });
    expect(await history.differences()).toEqual([]);
  }

  beforeAll(() => history.step({ dictionary }));

  it(
    'leaves every counter when it is cancelled, and comes back when it is closed again',
    { tags: ['short'] },
    async () => {
      const order = { id: 1, user: 'u1', restaurant: 'r1' };
      await happens({ ...order, ...at(0) });
      expect(await counters('u1')).toEqual({ Borscht: 1, Soups: 1 });
      await happens({ ...order, ...at(1), status: 'CANCELLED' });
      expect(await counters('u1')).toEqual({});
      expect(await restaurantCounters()).toEqual({});
      await happens({ ...order, ...at(2), status: 'CLOSED' });
      expect(await counters('u1')).toEqual({ Borscht: 1, Soups: 1 });
      expect(await restaurantCounters()).toEqual({ 'At home: Soups': 1 });
    },
  );

  it('takes only itself out of a counter', async () => {
    await happens(...[2, 3, 102].map((id) => ({ id, user: 'u12', ...at(0) })));
    await happens({ id: 2, user: 'u12', ...at(1), status: 'CANCELLED' });
    expect(await counters('u12')).toEqual({ Borscht: 2, Soups: 2 });
  });

  it('moves with its items', { tags: ['short'] }, async () => {
    await happens({ id: 4, user: 'u2', ...at(0), items: [line('d1'), line('d2')] });
    expect(await counters('u2')).toEqual({ Borscht: 1, Solyanka: 1, Soups: 1 });
    await happens({ id: 4, user: 'u2', ...at(1), items: [line('d2'), line('d2', 5, 7), line('d3')] });
    expect(await counters('u2')).toEqual({ Solyanka: 1, Kvass: 1, Soups: 1, Drinks: 1 });
    await happens({ id: 4, user: 'u2', ...at(2), items: [] });
    expect(await counters('u2')).toEqual({});
  });

  it('changes nothing with a version that is older and late', { tags: ['short'] }, async () => {
    await happens({ id: 5, user: 'u3', ...at(5), items: [line('d4')] });
    await happens(
      { id: 5, user: 'u3', ...at(4), status: 'CANCELLED' },
      { id: 5, user: 'u3', ...at(3), items: [line('d1')] },
    );
    expect(await counters('u3')).toEqual({ Pelmeni: 1, Dumplings: 1 });
  });

  it('counts as its newest version when several come in one batch, the newest first', async () => {
    await happens(
      { id: 6, user: 'u4', ...at(3), items: [line('d3')] },
      { id: 6, user: 'u4', ...at(1), items: [line('d1')] },
      { id: 6, user: 'u4', ...at(2), status: 'CANCELLED' },
    );
    expect(await counters('u4')).toEqual({ Kvass: 1, Drinks: 1 });
  });

  it('goes by the time of sending when two versions have the same time, in either order', async () => {
    const early = { ...at(0), sent: '2024-03-01 14:00:00', items: [line('d1')] };
    const late = { ...at(0), sent: '2024-03-01 14:00:00.000001', items: [line('d3')] };
    await happens({ id: 7, user: 'u5', ...early });
    await happens({ id: 7, user: 'u5', ...late });
    await happens({ id: 8, user: 'u6', ...late });
    await happens({ id: 8, user: 'u6', ...early });
    expect(await counters('u5')).toEqual({ Kvass: 1, Drinks: 1 });
    expect(await counters('u6')).toEqual({ Kvass: 1, Drinks: 1 });
  });

  it('goes by the digest when both times are the same, in either order, apart or together', async () => {
    const versions = (id: number, user: string): OrderChanges[] =>
      ['d1', 'd2', 'd3', 'd4'].map((dish) => ({ id, user, ...at(0), items: [line(dish)] }));
    for (const one of versions(9, 'u7')) {
      await happens(one);
    }
    for (const one of versions(9, 'u7').toReversed()) {
      await happens(one);
    }
    await happens(...versions(10, 'u8').toReversed());
    expect(Object.values(await counters('u7'))).toEqual([1, 1]);
    expect(Object.values(await counters('u8'))).toEqual([1, 1]);
  });

  it('that names another user or restaurant is refused', async () => {
    await happens({ id: 11, user: 'u9', restaurant: 'r1', ...at(0) });
    await happens({ id: 11, user: 'u10', ...at(1) }, { id: 11, user: 'u9', restaurant: 'r2', ...at(2) });
    await happens({ id: 11, user: 'u9', restaurant: 'r1', ...at(3) }, { id: 11, user: 'u10', ...at(4) });
    expect(await counters('u9')).toEqual({ Borscht: 1, Soups: 1 });
    expect(await counters('u10')).toEqual({});
    const letters = await pipeline.deadLetters('stg');
    // The message may have had a header of this name before.
    const reasons = letters.map(({ headers }) => String([headers['dlq.reason']].flat().at(-1)));
    expect(reasons).toEqual(['order_owner_changed', 'order_owner_changed', 'order_owner_changed']);
  });
});

describe('a renamed dish or restaurant', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline, new Random(seed));
  let nextId = 1;

  /** Each name that a dish or the restaurant r1 has anywhere in the marts. */
  async function namesInMarts(): Promise<string[]> {
    const rows = await pipeline.database.rows<{ name: string }>(`
      SELECT product_name AS name FROM cdm.user_product_counters
      UNION SELECT restaurant_name FROM cdm.restaurant_category_counters
      ORDER BY name`);
    return rows.map(({ name }) => name);
  }

  function orderOf(user: string, partition = 0) {
    const id = nextId;
    nextId += 1;
    return { value: sourceText({ id, user, items: [line('d1'), line('d3')] }), partition };
  }

  const renamed = (name: string, dish: string, time?: string) => ({
    r1: restaurantEntry('r1', name, { ...menu, d1: [dish, 'Soups'] }, time),
  });

  beforeAll(() => history.step({ dictionary, messages: ['u1', 'u2', 'u3'].map((user) => orderOf(user)) }));

  it('has its new name everywhere as soon as one order has it', async () => {
    expect(await namesInMarts()).toEqual(['At home', 'Borscht', 'Kvass']);
    await history.step({
      dictionary: renamed('Chez nous', 'Red soup', '2024-02-01 00:00:00'),
      messages: [orderOf('u4')],
    });
    expect(await namesInMarts()).toEqual(['Chez nous', 'Kvass', 'Red soup']);
    expect(await history.differences()).toEqual([]);
  });

  it('keeps its name when an older one comes late', async () => {
    await history.step({
      dictionary: renamed('Before', 'Old soup', '2024-01-15 00:00:00'),
      messages: [orderOf('u5'), orderOf('u1')],
    });
    expect(await namesInMarts()).toEqual(['Chez nous', 'Kvass', 'Red soup']);
    expect(await history.differences()).toEqual([]);
  });

  it('has the greater of two names of the same time', async () => {
    for (const [name, dish] of [
      ['Zu Hause', 'Rote Suppe'],
      ['Ää', 'Soupe'],
      ['Casa', 'Zuppa'],
    ] as const) {
      await history.step({
        dictionary: renamed(name, dish, '2024-03-01 00:00:00'),
        messages: [orderOf('u6')],
      });
    }
    expect(await namesInMarts()).toEqual(['Kvass', 'Zuppa', 'Ää']);
    expect(await history.differences()).toEqual([]);
  });

  it('has one name also when two replicas see the same renames', async () => {
    for (const name of ['stg', 'cdm'] as const) {
      await pipeline.replica(name).start();
    }
    for (let month = 4; month < 9; month += 1) {
      await history.step({
        dictionary: renamed(`Name ${month}`, `Dish ${month}`, `2024-0${month}-01 00:00:00`),
        messages: Array.from({ length: 36 }, (_, place) => orderOf(`u${(place % 12) + 1}`, place % 6)),
      });
    }
    // All renames again, to services that have forgotten what they knew.
    await pipeline.replay();
    await pipeline.settled();
    expect(await namesInMarts()).toEqual(['Dish 8', 'Kvass', 'Name 8']);
    expect(await history.differences()).toEqual([]);
  }, 300_000);
});

describe('a dish that changes its category', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline, new Random(seed));
  const asDrink: Menu = { ...menu, d1: ['Borscht', 'Drinks'] };

  it('counts under the category that each version was enriched with', async () => {
    await history.step({
      dictionary,
      messages: [sourceText({ id: 1, ...at(0) }), sourceText({ id: 2, ...at(0) })],
    });
    await history.step({
      dictionary: { r1: restaurantEntry('r1', 'At home', asDrink, '2024-05-01 00:00:00') },
      messages: [sourceText({ id: 3, ...at(0) })],
    });
    expect(await categories()).toEqual({ Soups: 2, Drinks: 1 });
    // A repeat stays where it was; a correction moves.
    await history.step({ messages: [sourceText({ id: 1, ...at(0) }), sourceText({ id: 2, ...at(1) })] });
    expect(await categories()).toEqual({ Soups: 1, Drinks: 2 });
    expect(await history.differences()).toEqual([]);
  });

  it('leaves the category that it was counted under when it is cancelled', async () => {
    await history.step({ messages: [sourceText({ id: 1, ...at(2), status: 'CANCELLED' })] });
    expect(await categories()).toEqual({ Drinks: 2 });
    expect(await history.differences()).toEqual([]);
  });

  async function categories(): Promise<Record<string, number>> {
    const rows = await pipeline.database.rows<{ category_name: string; order_cnt: string }>(
      'SELECT category_name, order_cnt FROM cdm.user_category_counters',
    );
    return Object.fromEntries(rows.map(({ category_name, order_cnt }) => [category_name, Number(order_cnt)]));
  }
});
