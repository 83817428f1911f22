import { beforeAll, describe, expect, it } from 'vitest';
import { dumpTables } from '../harness/dump-tables';
import { usePipeline } from '../harness/use-pipeline';
import { Random } from '../history/random';
import { drawSeed, isLong } from '../history/seed';
import { randomTraffic } from './orders/random-traffic';
import { dictionary, menu, restaurantEntry, userEntry } from './orders/small-town';
import { MirroredHistory } from './orders/mirrored-history';
import { putRules, rulesFor } from './tags/put-rules';

/*
 * Guarantee 2: any message may come again, at any time, from any offset; no row and no counter changes. Every table is
 * compared, every column, also when each row was loaded.
 */
const seed = drawSeed();
const MESSAGES = isLong ? 5_000 : 300;
const SETTLE_MS = isLong ? 300_000 : 90_000;

/**
 * Notes each row of the vault that is updated or deleted. PostgreSQL's own statistics would not do: where two
 * transactions insert the same key at once, the row that has to give way counts as deleted.
 */
const watchVault = /* sql */ `
  CREATE TABLE public.touched (name text, operation text);
  CREATE FUNCTION public.note_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO public.touched VALUES (TG_TABLE_NAME, TG_OP);
      RETURN NULL;
    END $$;
  DO $$
    DECLARE one regclass;
    BEGIN
      FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'dds'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('CREATE TRIGGER note_touched AFTER UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION public.note_touched()', one);
      END LOOP;
    END $$`;

describe(`messages that come again (SEED=${seed})`, () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline, new Random(seed));
  const random = new Random(seed);
  const traffic = randomTraffic(random, MESSAGES);

  beforeAll(async () => {
    await pipeline.database.rows(watchVault);
    const scattered = (value: string) => ({ value, partition: random.whole(0, 5) });
    await putRules(pipeline, rulesFor(dictionary));
    await history.step({ dictionary, messages: traffic.map(scattered) }, SETTLE_MS);
  }, 2 * SETTLE_MS);

  it('count once at first', { tags: ['short'] }, async () => {
    expect(await history.differences()).toEqual([]);
  });

  it(
    'change nothing when all services read everything again',
    { tags: ['short'], timeout: 2 * SETTLE_MS },
    async () => expect(await changesBy(replayed)).toEqual([]),
  );

  it(
    'change nothing when the same message comes twice in one batch, and in another partition',
    async () =>
      expect(
        await changesBy(async () => {
          const orders = traffic.filter((text) => text.startsWith('{"object_id"'));
          const again = random.shuffled(orders).slice(0, 100);
          await pipeline.sendOrders(
            again.flatMap((value) => [{ value }, { value }]),
            { random },
          );
          await pipeline.sendOrders(
            again.map((value) => ({ value, partition: 5 })),
            { random },
          );
          await pipeline.settled(SETTLE_MS);
        }),
      ).toEqual([]),
    2 * SETTLE_MS,
  );

  it(
    'change nothing when every service was restarted before',
    async () =>
      expect(
        await changesBy(async () => {
          await Promise.all((['stg', 'dds', 'cdm'] as const).map((name) => pipeline.service(name).restart()));
          const orders = traffic.filter((text) => text.startsWith('{"object_id"'));
          await pipeline.sendOrders(
            random.shuffled(orders).map((value) => ({ value, partition: 2 })),
            { random },
          );
          await pipeline.settled(SETTLE_MS);
        }),
      ).toEqual([]),
    2 * SETTLE_MS,
  );

  it(
    'change nothing when one service alone reads everything again',
    async () =>
      expect(
        await changesBy(async () => {
          for (const name of ['cdm', 'dds', 'stg'] as const) {
            await pipeline.service(name).stop();
            await pipeline.topics.rewind([pipeline.group(name)]);
            await pipeline.service(name).start();
            await pipeline.settled(SETTLE_MS);
          }
        }),
      ).toEqual([]),
    4 * SETTLE_MS,
  );

  it(
    'change nothing when everybody has another name by now, and every dish another category',
    async () =>
      expect(
        await changesBy(async () => {
          const renamed = Object.fromEntries(
            Object.entries(menu).map(([id, [name]]) => [id, [`New ${name}`, 'New kind']] as const),
          ) as unknown as typeof menu;
          await pipeline.dictionary.put(
            Object.fromEntries(
              Object.keys(dictionary).map((id) => [
                id,
                id.startsWith('u')
                  ? userEntry(id, `New ${id}`, '2024-06-01 00:00:00')
                  : restaurantEntry(id, `New ${id}`, renamed, '2024-06-01 00:00:00'),
              ]),
            ),
          );
          await replayed();
        }),
      ).toEqual([]),
    2 * SETTLE_MS,
  );

  it(
    'change nothing when everybody and every menu is gone',
    async () =>
      expect(
        await changesBy(async () => {
          await pipeline.dictionary.put(Object.fromEntries(Object.keys(dictionary).map((id) => [id, null])));
          await replayed();
        }),
      ).toEqual([]),
    2 * SETTLE_MS,
  );

  it('never made the vault update or delete a row', { tags: ['short'] }, async () => {
    expect(await pipeline.database.rows('SELECT DISTINCT * FROM public.touched')).toEqual([]);
    const [first] = await pipeline.database.rows<{ h_user_pk: string }>(
      'SELECT h_user_pk FROM dds.h_user LIMIT 1',
    );
    await pipeline.database.rows('UPDATE dds.h_user SET load_dt = load_dt WHERE h_user_pk = $1', [
      first!.h_user_pk,
    ]);
    expect(await pipeline.database.rows('SELECT * FROM public.touched')).toEqual([
      { name: 'h_user', operation: 'UPDATE' },
    ]);
  });

  async function replayed(): Promise<void> {
    await pipeline.replay();
    await pipeline.settled(SETTLE_MS);
  }

  /** What something changes in the tables, a line a row. */
  async function changesBy(happening: () => Promise<void>): Promise<string[]> {
    const before = await dumpTables(pipeline.database);
    await happening();
    const after = await dumpTables(pipeline.database);
    return Object.keys(after).flatMap((table) => {
      const known = new Set(before[table]);
      const found = new Set(after[table]);
      return [
        ...after[table]!.filter((row) => !known.has(row)).map((row) => `${table} has got ${row}`),
        ...before[table]!.filter((row) => !found.has(row)).map((row) => `${table} has lost ${row}`),
      ];
    });
  }
});
