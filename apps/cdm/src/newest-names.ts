import { sortableTime } from '@app/contracts/source-time';
import { bulkInsert, Rows } from '@app/warehouse/bulk-insert';
import type { Client } from '@app/warehouse/warehouse';
import type { ToldName } from './read-vault-order';

/**
 * Batches hold this lock together while they work; the job that spreads names takes it alone for a moment, and so knows that every
 * batch that may have read an older name has ended.
 */
export const NAMES_IN_USE = `hashtext('cdm.names')`;

/** Keeps the newest name of each product: by dictionary time, then the greater name. */
export async function keepProductNames(client: Client, names: ToldName[]): Promise<void> {
  await bulkInsert(client, productNames, newestOfEach(names));
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
  text: /* sql */ `
    INSERT INTO cdm.product_names AS known (product_id, product_name, valid_from)
    SELECT product_id, product_name, valid_from
    FROM unnest($1::uuid[], $2::text[], $3::timestamp[]) AS told (product_id, product_name, valid_from)
    ON CONFLICT (product_id) DO UPDATE SET
      product_name = EXCLUDED.product_name, valid_from = EXCLUDED.valid_from,
      spreading = known.spreading OR known.product_name <> EXCLUDED.product_name
    WHERE (EXCLUDED.valid_from, EXCLUDED.product_name) > (known.valid_from, known.product_name)`,
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
