import './orders.css';
import { render } from 'preact';
import type { View } from '../questions/address';
import type { Scene } from '../scene/chart';
import { language } from '../scene/settings';
import { DeskContext, OrderDesk, type Opened } from './desk';
import { OrderList } from './order-list';
import { OrderLife } from './order-life';

interface OpenedOrders {
  show: (view: View) => void;
  refresh: () => void;
  redraw: (scene: Scene) => void;
  close: () => void;
}

/** Shows the orders behind a figure, or one order, in the element, until it is closed. */
export function openOrders(root: HTMLElement, opened: Opened): OpenedOrders {
  const desk = new OrderDesk(opened);
  root.replaceChildren();
  render(
    <DeskContext.Provider value={desk}>
      {opened.view.page === 'order' ? <OrderLife /> : <OrderList />}
    </DeskContext.Provider>,
    root,
  );
  return {
    show: (view) => (desk.view.value = view),
    refresh: () => (desk.news.value += 1),
    redraw: (scene) => {
      desk.language.value = language();
      desk.scene.value = scene;
    },
    close: () => render(null, root),
  };
}
