export interface Line {
  id: string;
  name: string;
  price: number;
  quantity: number;
}

/** What a test says of an order; the rest is as of most orders. */
export interface OrderChanges {
  id?: number;
  user?: string;
  restaurant?: string;
  date?: string;
  items?: Line[];
  status?: string;
  statuses?: { status: string; dttm: string }[];
  updateTs?: string;
  sent?: string;
}

/** A message of the source. */
export function sourceText({
  id = 1,
  user = 'u1',
  restaurant = 'r1',
  date = '2024-03-01 12:00:00',
  items = [line('d1')],
  status = 'CLOSED',
  updateTs = '2024-03-01 13:00:00',
  statuses = [{ status, dttm: updateTs }],
  sent = '2024-03-01 13:00:01',
}: OrderChanges = {}): string {
  const cost = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return JSON.stringify({
    object_id: id,
    object_type: 'order',
    sent_dttm: sent,
    payload: {
      restaurant: { id: restaurant },
      date,
      user: { id: user },
      order_items: items,
      bonus_payment: 0,
      cost,
      payment: cost,
      bonus_grant: 0,
      statuses,
      final_status: status,
      update_ts: updateTs,
    },
  });
}

/** A line of an order: the dish, its price and how many. */
export function line(id: string, price = 100, quantity = 1): Line {
  return { id, name: `as ordered: ${id}`, price, quantity };
}
