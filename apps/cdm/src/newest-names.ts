import { sortableTime } from '@app/contracts/source-time';
import { bulkInsert, Rows } from '@app/warehouse/bulk-insert';
import type { Client } from '@app/warehouse/warehouse';
import type { ToldName } from './read-vault-order';

/** A dish whose name was heard for the first time, or whose name or its time is newer than before. */
export interface KeptName {
  productId: string;
  name: string;
  isNew: boolean;
}

/**
 * Keeps the newest name of each product: by dictionary time, then the greater name.
 * @returns what was not known
 */
export async function keepProductNames(client: Client, names: ToldName[]): Promise<KeptName[]> {
  return bulkInsert<KeptName>(client, productNames, newestOfEach(names));
}

/** Keeps the newest name of each restaurant: by dictionary time, then the greater name. */
export async function keepRestaurantNames(client: Client, names: ToldName[]): Promise<void> {
  await bulkInsert(client, restaurantNames, newestOfEach(names));
}

export function newestOfEach(names: ToldName[]): Rows {
  const newest = new Map<string, ToldName>();
  for (const told of names) {
    const known = newest.get(told.id);
    if (!known || isNewer(told, known)) {
      newest.set(told.id, told);
    }
  }
  const rows = new Rows();
  for (const { id, name, validFrom } of newest.values()) {
    rows.add(id, id, name, validFrom);
  }
  return rows;
}

/** Names compare byte for byte as in the database; JavaScript's own order of texts differs beyond the first 65,536 characters. */
function isNewer(a: ToldName, b: ToldName): boolean {
  const [timeA, timeB] = [sortableTime(a.validFrom), sortableTime(b.validFrom)];
  return timeA === timeB ? Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) > 0 : timeA > timeB;
}

const productNames = {
  name: 'keep_product_names',
  // A row that nobody has locked or updated yet, as an upsert does with one that is there, has no xmax.
  text: /* sql */ `
    INSERT INTO cdm.product_names AS known (product_id, product_name, valid_from)
    SELECT product_id, product_name, valid_from
    FROM unnest($1::uuid[], $2::text[], $3::timestamp[]) AS told (product_id, product_name, valid_from)
    ON CONFLICT (product_id) DO UPDATE SET
      product_name = EXCLUDED.product_name, valid_from = EXCLUDED.valid_from,
      spreading = known.spreading OR known.product_name <> EXCLUDED.product_name
    WHERE (EXCLUDED.valid_from, EXCLUDED.product_name) > (known.valid_from, known.product_name)
    RETURNING product_id AS "productId", product_name AS name, xmax = 0 AS "isNew"`,
};

const restaurantNames = {
  name: 'keep_restaurant_names',
  text: /* sql */ `
    INSERT INTO cdm.restaurant_names AS known (restaurant_id, restaurant_name, valid_from)
    SELECT restaurant_id, restaurant_name, valid_from
    FROM unnest($1::uuid[], $2::text[], $3::timestamp[]) AS told (restaurant_id, restaurant_name, valid_from)
    ON CONFLICT (restaurant_id) DO UPDATE SET
      restaurant_name = EXCLUDED.restaurant_name, valid_from = EXCLUDED.valid_from,
      spreading = known.spreading OR known.restaurant_name <> EXCLUDED.restaurant_name
    WHERE (EXCLUDED.valid_from, EXCLUDED.restaurant_name) > (known.valid_from, known.restaurant_name)`,
};
