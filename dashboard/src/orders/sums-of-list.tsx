import type { OrderSums } from './answers';
import { useDesk } from './desk';

/** What all orders of a list come to: the figure that led to them. */
export function SumsOfList({ sums }: { sums: OrderSums }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const figures = [
    ['orders', t.allOrders, format.count(Number(sums.orders))],
    ['closed_orders', t.closedOrders, format.count(Number(sums.closed_orders))],
    ['revenue', t.revenue, format.exact(sums.revenue)],
  ] as const;
  return (
    <dl class="facts">
      {figures.map(([id, name, value]) => (
        <div key={id}>
          <dt>{name}</dt>
          <dd id={`sum-${id}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
