import type { ListedOrder } from './answers';
import { useDesk } from './desk';
import { Go } from '../access/go';

/** Orders, a row each; the number leads to the order. */
export function OrderTable({ orders, isFading }: { orders: ListedOrder[]; isFading: boolean }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const columns = [t.order, t.ordered, t.restaurant, t.status];
  return (
    <div class={`wide ${isFading ? 'fading' : ''}`} role="region" tabIndex={0} aria-labelledby="orders-title">
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" class="text">
                {name}
              </th>
            ))}
            {[t.cost, t.paid].map((name) => (
              <th key={name} scope="col" class="figure">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {orders.map(({ order_id: id, ordered_at, restaurant, status, cost, payment }) => (
            <tr key={id}>
              <td class="text">
                <Go change={{ page: 'order', order: id }}>{id}</Go>
              </td>
              <td class="text time">{format.time(ordered_at)}</td>
              <td class="text">{restaurant.name}</td>
              <td class="text">{t.statuses[status]}</td>
              <td class="figure">{format.exact(cost)}</td>
              <td class="figure">{format.exact(payment)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
