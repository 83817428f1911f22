import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { PositionLost, Positions } from '@app/batches/positions';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { ScratchDatabase } from '../harness/scratch-database';

/*
 * Guarantees 1 and 2, where positions are compared while batches are in hand: reading goes back where the database has
 * lost messages and nowhere else, and no batch steps over what is to be read again.
 */
const topic = 'orders';
const place = (offset: number) => ({ topic, partition: 0, offset: String(offset) });

/** The warehouse of the product; whatever a test wants happens as soon as positions have been read. */
class ObservedWarehouse extends Warehouse {
  whenRead: () => Promise<void> = async () => undefined;

  override transaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return super.transaction((client) => {
      const query = async (statement: { name?: string }, values?: unknown[]): Promise<unknown> => {
        const answer: unknown = await client.query(statement as never, values);
        if (statement.name === 'read_positions') {
          await this.whenRead();
        }
        return answer;
      };
      return work(Object.assign(Object.create(client) as Client, { query }));
    });
  }
}

describe('while positions are compared', () => {
  const database = new ScratchDatabase(inject('stack').DATABASE_URL, `positions_${process.pid}`);
  let warehouse: ObservedWarehouse;
  let positions: Positions;
  let groups = 0;

  beforeAll(async () => {
    await database.create();
    warehouse = new ObservedWarehouse(database.loginUrls.stg, 'stg', 4);
  });

  afterAll(async () => {
    await warehouse.onApplicationShutdown();
    await database.drop();
  });

  /** Ten messages are stored, and their offset is committed. */
  beforeEach(async () => {
    groups += 1;
    positions = new Positions(warehouse, `group-${groups}`);
    warehouse.whenRead = async () => undefined;
    await positions.compare(topic, [{ partition: 0, offset: '-1' }], false);
    positions.begin(place(0));
    await store(0, 9);
  });

  function store(first: number, last: number): Promise<void> {
    return positions.transaction([place(first), place(last)], async () => undefined);
  }

  async function stored(): Promise<string | undefined> {
    const rows = await database.rows<{ next_offset: string }>(
      'SELECT next_offset FROM pipeline.positions WHERE consumer_group = $1',
      [`group-${groups}`],
    );
    return rows[0]?.next_offset;
  }

  it.each([
    ['by the process that has read the partition', true],
    ['by one that has just joined the group', false],
  ])('a batch that is stored meanwhile is not missed, %s', async (_, isOurs) => {
    const committed = [positions.mark(place(10))];
    positions.begin(place(10));
    warehouse.whenRead = () => store(10, 19);
    expect(await positions.compare(topic, committed, isOurs)).toEqual([]);
    expect(positions.mark(place(20)).metadata).toMatch(/=20$/);
  });

  it('a batch that began before is not stored when reading goes back behind it', async () => {
    const committed = [positions.mark(place(10))];
    positions.begin(place(10));
    await database.rows('UPDATE pipeline.positions SET next_offset = 5 WHERE consumer_group = $1', [
      `group-${groups}`,
    ]);
    expect(await positions.compare(topic, committed, true)).toEqual([{ partition: 0, from: '10', to: '5' }]);
    positions.goBack(topic, 0, '5');
    await expect(store(10, 19)).rejects.toThrow(PositionLost);
    expect(await stored()).toBe('5');
    positions.begin(place(5));
    await store(5, 19);
    expect(await stored()).toBe('20');
  });
});
