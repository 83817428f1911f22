export const periods = ['7', '30', '90', 'all', 'own'] as const;
export type Period = (typeof periods)[number];
export const steps = ['hour', 'day', 'week', 'month'] as const;
export type Step = (typeof steps)[number];

/** All that the address of the page says. */
export interface View {
  page: 'charts' | 'pipeline';
  /** Hash keys. */
  restaurant?: string;
  category?: string;
  period: Period;
  /** Days, both included; only with the period `own`. */
  from?: string;
  to?: string;
  /** Undefined: as fits the period. */
  step?: Step;
}

/** @param search the part of an address from `?` on; what makes no sense in it is left out */
export function readAddress(search: string): View {
  const query = new URLSearchParams(search);
  const view: View = {
    page: query.get('page') === 'pipeline' ? 'pipeline' : 'charts',
    period: oneOf(periods, query.get('period')) ?? 'all',
    restaurant: query.get('restaurant') || undefined,
    category: query.get('category') || undefined,
    step: oneOf(steps, query.get('step')),
  };
  return view.period === 'own'
    ? { ...view, from: dayOf(query.get('from')), to: dayOf(query.get('to')) }
    : view;
}

/** @returns the part of an address from `?` on, or `./` for the page as it opens */
export function writeAddress(view: View): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | undefined) => value && query.set(name, value);
  put('page', view.page === 'charts' ? undefined : view.page);
  put('restaurant', view.restaurant);
  put('category', view.category);
  put('period', view.period === 'all' ? undefined : view.period);
  put('from', view.period === 'own' ? view.from : undefined);
  put('to', view.period === 'own' ? view.to : undefined);
  put('step', view.step);
  const text = query.toString();
  return text ? `?${text}` : './';
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | undefined {
  return values.find((value) => value === text);
}

/** @returns undefined for what is no day of the calendar, as `2023-02-30` */
function dayOf(text: string | null): string | undefined {
  if (!text || !/^\d{4}-\d\d-\d\d$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : undefined;
}
