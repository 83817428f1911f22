import { beforeAll, describe, it } from 'vitest';
import { dictionary, menu, restaurantEntry } from '../guarantees/orders/small-town';
import { line, sourceText } from '../guarantees/orders/source-text';
import { expectTable } from '../harness/expect-table';
import { usePipeline } from '../harness/use-pipeline';

/*
 * CHAPTER 2: A LATE ORDER
 *
 * An order is sent again whenever it changes: each message is one version of it. Versions come in any order, since the
 * topic has several partitions and a source may send from several places. An order also comes before its names: a
 * restaurant sells a dish before the dictionary has the new menu.
 *
 * From here on `sourceText` writes the message of chapter 1 with what the chapter says about it, and the dictionary has
 * twelve users, three restaurants, and a menu of four dishes.
 *
 * @module-tag short
 */
const pipeline = usePipeline();

beforeAll(() => pipeline.dictionary.put(dictionary));

describe('a version that comes after a newer one', () => {
  it('is kept, and changes nothing that is current', async () => {
    // At first a guest orders two dishes. Before it is cooked, one of them is taken off the order.
    const ordered = sourceText({
      id: 1,
      status: 'OPEN',
      updateTs: '2024-03-01 12:00:00',
      items: [line('d1'), line('d3')],
    });
    const closed = sourceText({
      id: 1,
      status: 'CLOSED',
      updateTs: '2024-03-01 13:00:00',
      items: [line('d1')],
    });

    // The second message comes first.
    await pipeline.sendOrders([{ value: closed }]);
    await pipeline.settled();
    await pipeline.sendOrders([{ value: ordered }]);
    await pipeline.settled();

    // Staging holds each version once: the newest on top, the others behind it.
    await expectTable(pipeline)`
      SELECT object_id, payload ->> 'final_status' AS status, payload ->> 'update_ts' AS update_ts
      FROM stg.order_events;
        object_id  status  update_ts
        1          CLOSED  2024-03-01 13:00:00
    `;
    await expectTable(pipeline)`
      SELECT object_id, payload ->> 'final_status' AS status, payload ->> 'update_ts' AS update_ts
      FROM stg.superseded_order_events;
        object_id  status  update_ts
        1          OPEN    2024-03-01 12:00:00
    `;

    // The vault has the history of both: these rows are the same as if the versions had come in their order. What is
    // current is not stored but read: the newest version.
    await expectTable(pipeline)`
      SELECT valid_from, final_status, cost
      FROM dds.s_order_details JOIN dds.s_order_cost USING (h_order_pk, order_version, valid_from)
      ORDER BY valid_from;
        valid_from           final_status  cost
        2024-03-01 12:00:00  OPEN          200.00000
        2024-03-01 13:00:00  CLOSED        100.00000
    `;
    await expectTable(pipeline)`
      SELECT order_id, final_status, cost FROM dds.order_current;
        order_id  final_status  cost
        1         CLOSED        100.00000
    `;

    // The marts count the newest version alone.
    await expectTable(pipeline)`
      SELECT product_name, order_cnt FROM cdm.user_product_counters;
        product_name  order_cnt
        Borscht       1
    `;
  });
});

describe('an order that comes before its names', () => {
  it('is parked, and no order behind it waits', async () => {
    await pipeline.sendOrders([
      { value: sourceText({ id: 2, user: 'u2', items: [line('d9')] }) }, // d9 is on no menu
      { value: sourceText({ id: 3, user: 'u3', items: [line('d1')] }) },
    ]);
    await pipeline.settled();

    await expectTable(pipeline)`
      SELECT object_id, missing::text FROM stg.pending_orders;
        object_id  missing
        2          [{"id": "d9", "kind": "dish", "restaurant_id": "r1"}]
    `;
    // It is staged at once, as every order is that can be used. Vault and marts know nothing of it: no name is ever
    // made up.
    await expectTable(pipeline)`
      SELECT object_id FROM stg.order_events ORDER BY object_id;
        object_id
        1
        2
        3
    `;
    await expectTable(pipeline)`
      SELECT order_id FROM dds.h_order ORDER BY order_id;
        order_id
        1
        3
    `;
  });

  it('goes on by itself when the dictionary has them', async () => {
    const newMenu = { ...menu, d9: ['Okroshka', 'Soups'] as [string, string] };
    await pipeline.dictionary.put({ r1: restaurantEntry('r1', 'At home', newMenu, '2024-03-02 00:00:00') });
    await pipeline.settled(); // stg tries parked orders again and again

    await expectTable(pipeline)`
      SELECT object_id FROM stg.pending_orders;
        object_id
    `;
    await expectTable(pipeline)`
      SELECT source_user_id, product_name, order_cnt
      FROM cdm.user_product_counters JOIN cdm.users USING (user_id) ORDER BY source_user_id;
        source_user_id  product_name  order_cnt
        u1              Borscht       1
        u2              Okroshka      1
        u3              Borscht       1
    `;
  });
});
