/** A valid message of `order-service_orders` for tests, as plain JSON: anything may be put in any place of it. */
export function sourceOrder() {
  return {
    object_id: 2301365 as unknown,
    object_type: 'order' as unknown,
    sent_dttm: '2023-08-12 06:07:15' as unknown,
    payload: {
      restaurant: { id: 'a51e4e31ae4602047ec52534' as unknown },
      date: '2023-08-05 06:28:54' as unknown,
      user: { id: '626a81ce9a8cd1920641e296' as unknown },
      order_items: [
        { id: 'c5b64c8ba71adb08ce4bf7bc', name: 'Аджапсандали', price: 400, quantity: 5 },
        { id: '6276e8cd0cf48b4cded00878', name: 'Хинкали', price: 12.5, quantity: 1 },
      ] as Record<string, unknown>[],
      bonus_payment: 0 as unknown,
      cost: 2012.5 as unknown,
      payment: 2012.5 as unknown,
      bonus_grant: 0 as unknown,
      statuses: [
        { status: 'CLOSED', dttm: '2023-08-05 06:28:54' },
        { status: 'OPEN', dttm: '2023-08-05 04:26:54' },
      ] as Record<string, unknown>[],
      final_status: 'CLOSED' as unknown,
      update_ts: '2023-08-05 06:28:54' as unknown,
    },
  };
}

/**
 * The example with another value at a path such as `payload.order_items[1].price`; `undefined` takes the member away.
 */
export function sourceOrderWith(path: string, value: unknown) {
  const order = sourceOrder();
  const steps = path.match(/\w+/g) ?? [];
  const last = steps.pop()!;
  const parent = steps.reduce(
    (object, step) => object[step] as Record<string, unknown>,
    order as Record<string, unknown>,
  );
  if (value === undefined) {
    delete parent[last];
  } else {
    parent[last] = value;
  }
  return order;
}
