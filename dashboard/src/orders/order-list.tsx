import { useEffect, useMemo } from 'preact/hooks';
import { isPast } from '../questions/moment';
import { ordersQuery } from '../questions/orders-query';
import { rangeOf } from '../questions/period';
import { FileButtons } from '../scene/file-buttons';
import { useDesk } from './desk';
import { Go } from '../access/go';
import { ListFilters } from './list-filters';
import { ListedOrders } from './listed-orders';
import { OrderTable } from './order-table';
import { SumsOfList } from './sums-of-list';

/** News of the stream are followed at most so often: requests of an address are limited. */
const NEWS_MS = 3_000;

/** The orders behind a figure. */
export function OrderList() {
  const desk = useDesk();
  const t = desk.t.value;
  const view = desk.view.value;
  const listed = useMemo(() => new ListedOrders(), []);
  const newest = desk.newestOrder.value;
  const range = rangeOf(view, newest ?? null, Date.now());
  useEffect(() => void desk.learn(), [view.product]);
  useEffect(() => () => listed.close(), []);
  useEffect(() => {
    if (newest !== undefined) {
      listed.show(String(ordersQuery(view, range)));
    }
  }, [view, newest]);
  useEffect(() => {
    const timer = desk.news.value && !isPast(view) ? setTimeout(() => listed.refresh(), NEWS_MS) : undefined;
    return () => clearTimeout(timer);
  }, [desk.news.value]);
  const { sums, orders, next, isLoading, progress, error } = listed.shown.value;
  const { scene } = desk;
  const { t: general } = scene.value;
  const loading =
    progress === undefined ? general.loading : `${general.computing}: ${scene.value.format.share(progress)}`;
  return (
    <section class="panel" aria-labelledby="orders-title" aria-busy={isLoading}>
      <Go class="back" change={{ page: 'charts' }}>
        ← {t.back}
      </Go>
      <header class="list-head">
        <h2 id="orders-title">{t.list}</h2>
        <FileButtons
          fileOf={(format) => listed.file(format, desk.language.value)}
          name="orders"
          label={t.download}
          isOff={orders.length === 0}
        />
      </header>
      <ListFilters range={range} />
      {view.of === 'guests' && <p class="hint of-guests">{t.ofGuests}</p>}
      {error && (
        <p class="wrong" role="alert">
          {error}
        </p>
      )}
      {sums && <SumsOfList sums={sums} />}
      {orders.length > 0 && <OrderTable orders={orders} isFading={isLoading} />}
      {orders.length === 0 && !error && <p class="none">{isLoading ? loading : t.none}</p>}
      {next && (
        <button type="button" class="tool more" disabled={isLoading} onClick={() => void listed.load(next)}>
          {t.more}
        </button>
      )}
    </section>
  );
}
