import type { What } from './audit-metrics';
import { Entries } from './entries';
import type { Layers } from './layers';
import { lookAtOrders } from './look-at-orders';
import { wrongNames, wrongPatternProducts } from './look-at-names';
import { countProducts, lookAtCategories } from './look-at-popularity';
import { lookAtRestaurants } from './look-at-restaurants';
import { lookAtTags } from './look-at-tags';
import { lookAtUsers } from './look-at-users';
import type { Look } from './wrong-rows';

/** The order of the keys of a round. */
interface KeyOrder {
  /** Comes before all. */
  first: string;
  last: string;
  before(key: string): string;
  isInside(key: string, after: string, upto: string): boolean;
}

/** What is looked at again and again, piece by piece in the order of its keys. */
export interface Round {
  what: What;
  /** So much of a processor it may take, in percent. */
  percent: number;
  /** Most keys of a piece. */
  most: number;
  keys: KeyOrder;
  /** @returns the last of the next so many keys; null where there are no more */
  bound(layers: Layers, after: string, keys: number): Promise<string | null>;
  look(layers: Layers, after: string, upto: string): Promise<Look>;
  /** To be called before a round: what is remembered of the last one may have changed. */
  begin?: () => void;
}

const numbers: KeyOrder = {
  first: '-9223372036854775808',
  last: '9223372036854775807',
  before: (key) => String(BigInt(key) - 1n),
  isInside: (key, after, upto) => BigInt(key) > BigInt(after) && BigInt(key) <= BigInt(upto),
};

const uuids: KeyOrder = {
  first: '00000000-0000-0000-0000-000000000000',
  last: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  before: (key) => {
    const hex = (BigInt(`0x${key.replaceAll('-', '')}`) - 1n).toString(16).padStart(32, '0');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
  isInside: (key, after, upto) => key > after && key <= upto,
};

/**
 * Together they take 2 % of a processor.
 * @param now says the present at the source
 */
export function allRounds(now: () => string): Round[] {
  const entries = new Entries();
  return [
    {
      what: 'orders',
      percent: 0.8,
      most: 500,
      keys: numbers,
      bound: (layers, after, keys) =>
        bound(layers, 'stg', 'SELECT pipeline.audit_bound($1, $2)::text AS key', after, keys),
      look: (layers, after, upto) => lookAtOrders(layers, entries, after, upto),
      begin: () => entries.forget(),
    },
    {
      what: 'users',
      percent: 0.6,
      most: 2_000,
      keys: uuids,
      bound: nextOf('cdm.users', 'user_id'),
      look: lookAtUsers,
    },
    {
      what: 'tags',
      percent: 0.2,
      most: 500,
      keys: uuids,
      bound: nextOf('cdm.users', 'user_id'),
      look: (layers, after, upto) => lookAtTags(layers, now(), after, upto),
    },
    {
      what: 'products',
      percent: 0.15,
      most: 500,
      keys: uuids,
      bound: nextOf('cdm.product_names', 'product_id'),
      look: lookAtProducts,
    },
    {
      what: 'categories',
      percent: 0.1,
      most: 1,
      keys: uuids,
      // Counters of users have no index by category: all are looked at at once.
      bound: () => Promise.resolve(null),
      look: lookAtCategories,
    },
    {
      what: 'restaurants',
      percent: 0.15,
      most: 500,
      keys: uuids,
      bound: nextOf('cdm.restaurant_names', 'restaurant_id'),
      look: lookAtRestaurants,
    },
  ];
}

async function lookAtProducts(layers: Layers, after: string, upto: string): Promise<Look> {
  const { checked, wrong } = await countProducts(layers, after, upto);
  const ofNames = await wrongNames(layers, 'product', after, upto);
  return { checked, wrong: [...wrong, ...ofNames, ...(await wrongPatternProducts(layers, after, upto))] };
}

function nextOf(table: string, key: string): Round['bound'] {
  const text = /* sql */ `
    SELECT max(key::text) AS key FROM (SELECT ${key} AS key FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT $2) AS next`;
  return (layers, after, keys) => bound(layers, 'cdm', text, after, keys);
}

async function bound(
  layers: Layers,
  layer: 'stg' | 'cdm',
  text: string,
  after: string,
  keys: number,
): Promise<string | null> {
  const [row] = await layers.rows<{ key: string | null }>(layer, text, [after, keys]);
  return row!.key;
}
