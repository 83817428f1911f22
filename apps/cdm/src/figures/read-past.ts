import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from '@app/warehouse/warehouse';
import { hashKey } from '@app/data-vault/hash-key';
import type { Moment } from './moment';
import { PastOrders } from './past-orders';

/** Hash keys begin with any byte alike often: so many pieces are of about the same size. */
const PIECES = 64;
/** Orders that are taken over between two looks at what else is to do: a few milliseconds. */
const SLICE = 1_000;

interface OrderRow {
  order_id: string;
  user_key: string;
  restaurant_key: string;
  status: string;
  made_at: string;
  cost: string;
  payment: string;
  /** By hash key of the product, as JSON. */
  categories: string;
}

/**
 * Reads the orders and names of a moment from the vault, piece by piece.
 * @param onPiece gets what is read so far, and how much of all that is, up to 1; what it throws ends the reading
 */
export async function readPast(
  client: Client,
  { known_at, true_at }: Moment,
  onPiece: (past: PastOrders, progress: number) => void,
): Promise<PastOrders> {
  const moment = [known_at ?? 'infinity', true_at ?? 'infinity'];
  const past = new PastOrders(await knownAt(client, known_at));
  await readNames(client, moment, past);
  const categories = new CategoryKeys(past.categories);
  let coming = readPiece(client, moment, 0);
  for (let piece = 1; piece <= PIECES; piece += 1) {
    const rows = await coming;
    if (piece < PIECES) {
      // PostgreSQL reads the next one meanwhile.
      coming = readPiece(client, moment, piece);
      coming.catch(() => undefined);
    }
    for (let place = 0; place < rows.length; place += SLICE) {
      rows.slice(place, place + SLICE).forEach((row) => add(past, row, categories));
      await turn();
    }
    onPiece(past, piece / PIECES);
  }
  return past;
}

async function knownAt(client: Client, given: string | undefined): Promise<Date> {
  const { rows } = await client.query<{ moment: Date }>('SELECT coalesce($1::timestamptz, now()) AS moment', [
    given,
  ]);
  return rows[0]!.moment;
}

async function readNames(client: Client, moment: string[], past: PastOrders): Promise<void> {
  const { rows } = await client.query<{ kind: 'product' | 'restaurant'; key: string; name: string }>(
    'SELECT kind, key, name FROM pipeline.names_at($1, $2)',
    moment,
  );
  for (const { kind, key, name } of rows) {
    (kind === 'product' ? past.products : past.restaurants).set(key, name);
  }
}

async function readPiece(client: Client, moment: string[], piece: number): Promise<OrderRow[]> {
  const byte = (part: number) => part.toString(16).padStart(2, '0');
  const first = `${byte((256 / PIECES) * piece)}000000-0000-0000-0000-000000000000`;
  const last = `${byte((256 / PIECES) * (piece + 1) - 1)}ffffff-ffff-ffff-ffff-ffffffffffff`;
  const { rows } = await client.query<OrderRow>('SELECT * FROM pipeline.orders_at($1, $2, $3, $4)', [
    ...moment,
    first,
    last,
  ]);
  return rows;
}

function add(past: PastOrders, row: OrderRow, keys: CategoryKeys): void {
  const categories = JSON.parse(row.categories) as Record<string, string>;
  past.add({
    orderId: BigInt(row.order_id),
    userId: row.user_key,
    restaurantId: row.restaurant_key,
    time: Number(row.made_at),
    status: row.status,
    cost: row.cost,
    payment: row.payment,
    productIds: Object.keys(categories),
    categoryIds: Object.values(categories).map((name) => keys.of(name)),
  });
}

/** Hash keys of categories, each computed once. */
class CategoryKeys {
  private readonly keys = new Map<string, string>();

  /** @param names gets the name of each key */
  constructor(private readonly names: Map<string, string>) {}

  of(name: string): string {
    const known = this.keys.get(name);
    if (known !== undefined) {
      return known;
    }
    const key = hashKey('h_category', name);
    this.keys.set(name, key);
    this.names.set(key, name);
    return key;
  }
}
