import './orders.css';
import { openDesk, type OpenedDesk } from '../access/open-desk';
import type { Opened } from '../access/signed-desk';
import { OrderDesk } from './desk';
import { OrderList } from './order-list';
import { OrderLife } from './order-life';

/** Shows the orders behind a figure, or one order. */
export function openOrders(root: HTMLElement, opened: Opened): OpenedDesk & { refresh: () => void } {
  const desk = new OrderDesk(opened);
  const page = opened.view.page === 'order' ? <OrderLife /> : <OrderList />;
  return { ...openDesk(root, desk, page), refresh: () => (desk.news.value += 1) };
}
