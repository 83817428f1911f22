export const periods = ['7', '30', '90', 'all', 'own'] as const;
export type Period = (typeof periods)[number];
export const steps = ['hour', 'day', 'week', 'month'] as const;
export type Step = (typeof steps)[number];
export const tagParts = ['rule', 'copy', 'audience', 'overlap', 'history', 'webhooks'] as const;
export type TagPart = (typeof tagParts)[number];
const pages = ['charts', 'pipeline', 'tags'] as const;

/** All that the address of the page says. */
export interface View {
  page: (typeof pages)[number];
  /** Hash keys. */
  restaurant?: string;
  category?: string;
  period: Period;
  /** Days, both included; only with the period `own`. */
  from?: string;
  to?: string;
  /** Undefined: as fits the period. */
  step?: Step;
  /** What the page of tags shows: the list, where it is undefined; `copy` is a new rule that begins as another one. */
  show?: TagPart;
  /** Id of the rule that is shown; undefined: a new one, or all. */
  rule?: string;
  /** Whose audience or overlap is shown. */
  tags?: string[];
}

/** @param search the part of an address from `?` on; what makes no sense in it is left out */
export function readAddress(search: string): View {
  const query = new URLSearchParams(search);
  const view: View = {
    page: oneOf(pages, query.get('page')) ?? 'charts',
    period: oneOf(periods, query.get('period')) ?? 'all',
    restaurant: query.get('restaurant') || undefined,
    category: query.get('category') || undefined,
    step: oneOf(steps, query.get('step')),
  };
  if (view.period === 'own') {
    view.from = dayOf(query.get('from'));
    view.to = dayOf(query.get('to'));
  }
  return view.page === 'tags' ? { ...view, ...tagsOf(query) } : view;
}

function tagsOf(query: URLSearchParams): Pick<View, 'show' | 'rule' | 'tags'> {
  const tags = query.getAll('tag');
  return {
    show: oneOf(tagParts, query.get('show')),
    rule: query.get('rule') || undefined,
    tags: tags.length > 0 ? tags : undefined,
  };
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
  if (view.page === 'tags') {
    put('show', view.show);
    put('rule', view.rule);
    view.tags?.forEach((tag) => query.append('tag', tag));
  }
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
