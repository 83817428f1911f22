import type { Client } from '@app/warehouse/warehouse';
import type { CounterChange, CounterChanges } from './counter-changes';

/** By how many users, each with a counter of his own, a dish or category has more or fewer than before; by hash key. */
export type UserChanges = Map<string, number>;

/**
 * Applies the changes to the three counter tables and to the orders of each user. Counters of a user need no lock of their own, since their writer holds the user;
 * those of restaurants are shared by all replicas, hence locked in the order of their grain, and last, so that nobody waits long.
 * A counter that falls to zero is deleted first, since an upsert of a negative number would fail the table's check.
 * @param categoryNames by hash key, of at least the categories that gain orders
 * @returns how many users products and categories have gained or lost
 */
export async function countOrders(
  client: Client,
  changes: CounterChanges,
  categoryNames: Map<string, string>,
): Promise<{ productUsers: UserChanges; categoryUsers: UserChanges }> {
  await countOrdersOfUsers(client, changes.users);
  const productUsers = await applyChanges(client, userProductCounters, changes.userProducts);
  const categoryUsers = await applyChanges(
    client,
    userCategoryCounters,
    changes.userCategories,
    ({ grain }) => categoryNames.get(grain[1])!,
  );
  await countOrdersOfRestaurants(client, changes.restaurantCategories, categoryNames);
  return { productUsers, categoryUsers };
}

/** @param changes in the order of their grain */
export async function countOrdersOfRestaurants(
  client: Client,
  changes: CounterChange[],
  categoryNames: Map<string, string>,
): Promise<void> {
  await lockRestaurantCounters(client, changes);
  await applyChanges(client, restaurantCategoryCounters, changes, ({ grain }) =>
    categoryNames.get(grain[1])!,
  );
}

async function countOrdersOfUsers(client: Client, users: CounterChanges['users']): Promise<void> {
  if (users.size > 0) {
    await client.query({
      name: 'count_orders_of_users',
      text: /* sql */ `
        UPDATE cdm.users SET closed_order_cnt = closed_order_cnt + by
        FROM unnest($1::uuid[], $2::integer[]) AS change (changed, by) WHERE user_id = changed`,
      values: [`{${[...users.keys()].join()}}`, `{${[...users.values()].join()}}`],
    });
  }
}

interface CounterStatements {
  name: string;
  deleteZeros: string;
  decrease: string;
  increase: string;
}

/** @returns for each id that the statements tell of, how many counters came less those that went */
async function applyChanges(
  client: Client,
  { name, deleteZeros, decrease, increase }: CounterStatements,
  changes: CounterChange[],
  nameOf?: (change: CounterChange) => string,
): Promise<UserChanges> {
  const users: UserChanges = new Map();
  const tell = (rows: Told[], sign: 1 | -1) => {
    rows.forEach(({ id, counters }) => users.set(id, (users.get(id) ?? 0) + sign * counters));
  };
  const falling = changes.filter(({ by }) => by < 0);
  const rising = changes.filter(({ by }) => by > 0);
  if (falling.length > 0) {
    const gone = await client.query<Told>({
      name: `${name}_zeros`,
      text: deleteZeros,
      values: arraysOf(falling),
    });
    tell(gone.rows, -1);
    await client.query({ name: `${name}_decrease`, text: decrease, values: arraysOf(falling) });
  }
  if (rising.length > 0) {
    const names = nameOf ? [rising.map(nameOf)] : [];
    const come = await client.query<Told>({
      name: `${name}_increase`,
      text: increase,
      values: [...arraysOf(rising), ...names],
    });
    tell(come.rows, 1);
  }
  return users;
}

/** How many counters of a dish or category came or went. */
interface Told {
  id: string;
  counters: number;
}

function arraysOf(changes: CounterChange[]): [string[], string[], number[]] {
  return [
    changes.map(({ grain }) => grain[0]),
    changes.map(({ grain }) => grain[1]),
    changes.map(({ by }) => by),
  ];
}

// A row that nobody has locked or updated yet, as an upsert does with one that is there, has no xmax.
const userProductCounters: CounterStatements = {
  name: 'user_product_counters',
  deleteZeros: /* sql */ `
    WITH gone AS (
      DELETE FROM cdm.user_product_counters counter
      USING unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (product_id, user_id, by)
      WHERE counter.product_id = change.product_id AND counter.user_id = change.user_id AND order_cnt + by = 0
      RETURNING counter.product_id
    )
    SELECT product_id AS id, count(*)::integer AS counters FROM gone GROUP BY 1`,
  decrease: /* sql */ `
    UPDATE cdm.user_product_counters counter SET order_cnt = order_cnt + by
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (product_id, user_id, by)
    WHERE counter.product_id = change.product_id AND counter.user_id = change.user_id`,
  increase: /* sql */ `
    WITH risen AS (
      INSERT INTO cdm.user_product_counters AS counter (user_id, product_id, product_name, order_cnt)
      SELECT user_id, product_id, product_name, by
      FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (product_id, user_id, by)
      JOIN cdm.product_names USING (product_id)
      ON CONFLICT (product_id, user_id) DO UPDATE SET order_cnt = counter.order_cnt + EXCLUDED.order_cnt
      RETURNING counter.product_id, xmax = 0 AS is_new
    )
    SELECT product_id AS id, count(*)::integer AS counters FROM risen WHERE is_new GROUP BY 1`,
};

const userCategoryCounters: CounterStatements = {
  name: 'user_category_counters',
  deleteZeros: /* sql */ `
    WITH gone AS (
      DELETE FROM cdm.user_category_counters counter
      USING unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (user_id, category_id, by)
      WHERE counter.user_id = change.user_id AND counter.category_id = change.category_id AND order_cnt + by = 0
      RETURNING counter.category_id
    )
    SELECT category_id AS id, count(*)::integer AS counters FROM gone GROUP BY 1`,
  decrease: /* sql */ `
    UPDATE cdm.user_category_counters counter SET order_cnt = order_cnt + by
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (user_id, category_id, by)
    WHERE counter.user_id = change.user_id AND counter.category_id = change.category_id`,
  increase: /* sql */ `
    WITH risen AS (
      INSERT INTO cdm.user_category_counters AS counter (user_id, category_id, category_name, order_cnt)
      SELECT user_id, category_id, category_name, by
      FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[]) AS change (user_id, category_id, by, category_name)
      ON CONFLICT (user_id, category_id) DO UPDATE SET order_cnt = counter.order_cnt + EXCLUDED.order_cnt
      RETURNING counter.category_id, xmax = 0 AS is_new
    )
    SELECT category_id AS id, count(*)::integer AS counters FROM risen WHERE is_new GROUP BY 1`,
};

const restaurantCategoryCounters: CounterStatements = {
  name: 'restaurant_category_counters',
  deleteZeros: /* sql */ `
    DELETE FROM cdm.restaurant_category_counters counter
    USING unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (restaurant_id, category_id, by)
    WHERE counter.restaurant_id = change.restaurant_id AND counter.category_id = change.category_id AND order_cnt + by = 0`,
  decrease: /* sql */ `
    UPDATE cdm.restaurant_category_counters counter SET order_cnt = order_cnt + by
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (restaurant_id, category_id, by)
    WHERE counter.restaurant_id = change.restaurant_id AND counter.category_id = change.category_id`,
  increase: /* sql */ `
    INSERT INTO cdm.restaurant_category_counters AS counter
      (restaurant_id, restaurant_name, category_id, category_name, order_cnt)
    SELECT restaurant_id, restaurant_name, category_id, category_name, by
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[]) AS change (restaurant_id, category_id, by, category_name)
    JOIN cdm.restaurant_names USING (restaurant_id)
    ON CONFLICT (restaurant_id, category_id) DO UPDATE SET order_cnt = counter.order_cnt + EXCLUDED.order_cnt`,
};

async function lockRestaurantCounters(client: Client, changes: CounterChange[]): Promise<void> {
  if (changes.length === 0) {
    return;
  }
  const [restaurants, categories] = arraysOf(changes);
  await client.query({
    name: 'lock_restaurant_category_counters',
    text: /* sql */ `
      SELECT FROM cdm.restaurant_category_counters counter
      JOIN unnest($1::uuid[], $2::uuid[]) AS change (restaurant_id, category_id) USING (restaurant_id, category_id)
      ORDER BY restaurant_id, category_id FOR UPDATE OF counter`,
    values: [restaurants, categories],
  });
}
