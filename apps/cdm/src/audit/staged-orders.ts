import type { Layers } from './layers';

/** What a message says of an order, as staging has it. Decimals and times are texts, as PostgreSQL writes them. */
export interface Said {
  user: string;
  restaurant: string;
  status: string;
  made_at: string;
  sent_at: string;
  valid_from: string;
  cost: string;
  payment: string;
  bonus_payment: string;
  bonus_grant: string;
  /** Status and time of each. */
  statuses: [string, string][];
  /** Product, its name as ordered, price and quantity of each. */
  lines: [string, string, string, string][];
}

/** A version of an order in staging. */
export interface StagedVersion {
  orderId: string;
  version: string;
  isNewest: boolean;
  /** It waits for the dictionary, or for the broker to take it. */
  isWaiting: boolean;
  /** Null while it waits for the dictionary. */
  userEntry: string | null;
  restaurantEntry: string | null;
  /** Product to entry. */
  earlierMenus: Record<string, string> | null;
  said: Said;
}

/** The versions of orders of a range of ids, the older first, by order. */
export async function stagedOrders(
  layers: Layers,
  after: string,
  upto: string,
): Promise<Map<string, StagedVersion[]>> {
  const rows = await layers.rows<Omit<StagedVersion, 'said'> & { said: string }>(
    'stg',
    /* sql */ `
    SELECT order_id AS "orderId", order_version AS version, is_newest AS "isNewest", is_waiting AS "isWaiting",
      user_entry AS "userEntry", restaurant_entry AS "restaurantEntry", earlier_menus AS "earlierMenus", said
    FROM pipeline.audit_staging($1, $2) ORDER BY order_id, order_version`,
    [after, upto],
  );
  const orders = new Map<string, StagedVersion[]>();
  for (const row of rows) {
    const version = { ...row, said: JSON.parse(row.said) as Said };
    orders.set(row.orderId, [...(orders.get(row.orderId) ?? []), version]);
  }
  return orders;
}
