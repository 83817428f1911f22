import { useSignal } from '@preact/signals';
import type { Lacked, ParkedOrder } from './answers';
import { Choice } from './choice';
import { Deed } from './deed';
import { parkedDeed } from './deeds';
import { Go } from '../access/go';
import type { Column } from '../scene/chart';
import { sheetTime } from '../scene/sheet-time';
import { TableFiles } from '../scene/table-files';
import { useOperateDesk, type OperateDesk } from './operate-desk';
import { PageButtons } from './page-buttons';
import { useAnswer } from './use-answer';
import { WideTable } from './wide-table';

const kinds = ['user', 'restaurant', 'dish'];

/** Orders that wait for the dictionary, the longest waiting first. */
export function ParkedList() {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  const missing = useSignal('');
  const skip = useSignal(0);
  const { answer, error, isLoading } = useAnswer(
    (signal) => desk.api.parked({ missing: missing.value }, skip.value, signal),
    [missing.value, skip.value, desk.deeds.value],
  ).value;
  const { orders = [], matching = 0 } = answer ?? {};
  const choose = (kind: string) => {
    missing.value = kind;
    skip.value = 0;
  };
  return (
    <section class="panel" aria-labelledby="parked-orders-title" aria-busy={isLoading} id="parked-orders">
      <header>
        <h3 id="parked-orders-title">{t.parked}</h3>
        <TableFiles
          scene={desk.scene.value}
          name="parked-orders"
          title={t.parked}
          columns={fileColumns(desk)}
          rows={() => desk.api.everyParked({ missing: missing.value })}
          isOff={matching === 0}
        />
      </header>
      <form class="filters-of" onSubmit={(event) => event.preventDefault()}>
        <Choice
          name={general.missing}
          value={missing.value}
          values={[
            ['', t.any],
            ...kinds.map((kind): [string, string] => [kind, general.missingThings[kind]!]),
          ]}
          choose={choose}
        />
      </form>
      {error && (
        <p class="wrong" role="alert">
          {error.message}
        </p>
      )}
      {orders.length > 0 && <ParkedTable orders={orders} isFading={isLoading} />}
      {orders.length === 0 && !error && <p class="none">{isLoading ? general.loading : t.noParked}</p>}
      {matching > 0 && (
        <p class="hint" role="status">
          {t.shownOf(format.count(skip.value + orders.length), format.count(matching))}
        </p>
      )}
      <PageButtons skip={skip} shown={orders.length} matching={matching}>
        {desk.isOperator.value && matching > 0 && <DeedsOfAll missing={missing.value} />}
      </PageButtons>
    </section>
  );
}

function DeedsOfAll({ missing }: { missing: string }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const query = { missing, all: missing === '' ? 'true' : '' };
  return (
    <>
      <Deed label={t.tryAll} note={t.tryNote} run={parkedDeed(desk, 'retry', query)} />
      <Deed label={t.giveUpAll} note={t.giveUpNote} run={parkedDeed(desk, 'discard', query)} />
    </>
  );
}

function ParkedTable({ orders, isFading }: { orders: ParkedOrder[]; isFading: boolean }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const columns = [t.order, t.waitsSince, t.attempts, t.nextAttempt, t.lacks, t.message];
  if (desk.isOperator.value) {
    columns.push(t.action);
  }
  return (
    <WideTable heading="parked-orders-title" columns={columns} isFading={isFading}>
      {orders.map((order) => (
        <ParkedRow key={`${order.object_id} ${order.order_version}`} order={order} />
      ))}
    </WideTable>
  );
}

function ParkedRow({ order }: { order: ParkedOrder }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const { object_id, order_version: version } = order;
  const query = { object_id, version };
  return (
    <tr>
      <td class="text">
        <Go change={{ page: 'order', order: object_id }}>{object_id}</Go>
      </td>
      <td class="text time">{format.instant(order.waiting_since)}</td>
      <td class="text">{format.count(order.attempts)}</td>
      <td class="text time">{format.instant(order.next_attempt_at)}</td>
      <td class="text">{order.missing.map((entry) => lackedText(desk, entry)).join(', ')}</td>
      <td class="text code">{order.message}</td>
      {desk.isOperator.value && (
        <td class="text">
          <span class="buttons">
            <Deed label={t.tryOne} note={t.tryNote} run={parkedDeed(desk, 'retry', query)} />
            <Deed label={t.giveUp} note={t.giveUpNote} run={parkedDeed(desk, 'discard', query)} />
          </span>
        </td>
      )}
    </tr>
  );
}

function fileColumns(desk: OperateDesk): Column<ParkedOrder>[] {
  const t = desk.t.value;
  return [
    { name: t.order, value: ({ object_id: order }) => order, kind: 'number' },
    { name: t.version, value: ({ order_version: version }) => version },
    { name: t.waitsSince, value: ({ waiting_since: since }) => sheetTime(since), kind: 'time' },
    { name: t.attempts, value: ({ attempts }) => attempts, kind: 'number' },
    { name: t.nextAttempt, value: ({ next_attempt_at: next }) => sheetTime(next), kind: 'time' },
    { name: t.lacks, value: ({ missing }) => missing.map((entry) => lackedText(desk, entry)).join(', ') },
    { name: t.message, value: ({ message }) => message },
  ];
}

function lackedText(desk: OperateDesk, { kind, id, restaurant_id: restaurant }: Lacked): string {
  const thing = `${desk.scene.value.t.missingThings[kind] ?? kind} ${id}`;
  return restaurant ? desk.t.value.ofRestaurant(thing, restaurant) : thing;
}
