import type { View } from '../questions/address';
import { addDays, type Range } from '../questions/period';
import { useDesk, type OrderDesk } from './desk';
import { Go } from '../access/go';

/** What is listed, filter by filter; each can be taken away. @param range of the period */
export function ListFilters({ range }: { range: Range }) {
  const desk = useDesk();
  const t = desk.t.value;
  const filters = filtersOf(desk, range);
  if (filters.length === 0) {
    return <p class="hint">{t.noFilters}</p>;
  }
  return (
    <ul class="chips">
      {filters.map(([name, value, change]) => (
        <li key={name}>
          <Go class="chip" change={change} label={t.remove(`${name}: ${value}`)}>
            <span>{name}:</span> <b>{value}</b> <span aria-hidden="true">×</span>
          </Go>
        </li>
      ))}
    </ul>
  );
}

type Filter = [name: string, value: string, without: Partial<View>];

function filtersOf(desk: OrderDesk, range: Range): Filter[] {
  const t = desk.t.value;
  const { t: general } = desk.scene.value;
  const { restaurant, category, product, status, period } = desk.view.value;
  const nameOf = (id: string) => desk.names.value.get(id) ?? id;
  const times = timesOf(desk, range);
  const given: (Filter | undefined)[] = [
    restaurant ? [general.restaurant, nameOf(restaurant), { restaurant: undefined }] : undefined,
    category ? [general.category, nameOf(category), { category: undefined }] : undefined,
    product ? [t.dish, nameOf(product), { product: undefined }] : undefined,
    status ? [t.status, t.statuses[status], { status: undefined, of: undefined }] : undefined,
    period === 'all'
      ? undefined
      : [general.period, times.period, { period: 'all', from: undefined, to: undefined }],
    times.step ? [t.step, times.step, { since: undefined, until: undefined }] : undefined,
  ];
  return given.filter((filter) => filter !== undefined);
}

function timesOf(desk: OrderDesk, { from, to }: Range): { period: string; step?: string } {
  const { format } = desk.scene.value;
  const { since, until } = desk.view.value;
  const days = [from, to && addDays(to, -1)].map((day) => (day ? format.day(day) : '…'));
  return {
    period: days.join(' – '),
    step:
      since || until ? [since, until].map((time) => (time ? format.time(time) : '…')).join(' – ') : undefined,
  };
}
