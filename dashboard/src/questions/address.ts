export const periods = ['7', '30', '90', 'all', 'own'] as const;
export type Period = (typeof periods)[number];
export const steps = ['hour', 'day', 'week', 'month'] as const;
export type Step = (typeof steps)[number];
/** The charts that are a ring where the reader asks for it, by what they count. */
export const rings = ['users', 'orders'] as const;
export type Ring = (typeof rings)[number];
export const tagParts = ['rule', 'copy', 'audience', 'overlap', 'history', 'webhooks'] as const;
export type TagPart = (typeof tagParts)[number];
export const statuses = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'] as const;
export type Status = (typeof statuses)[number];
const pages = ['charts', 'pipeline', 'tags', 'orders', 'order'] as const;

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
  /** Which of them are rings; undefined: none. */
  rings?: Ring[];
  /** The figures are those that were known at this moment, as `2024-03-01T15:00:00Z`; undefined: now. */
  knownAt?: string;
  /** And that were true at this time of the source, as `2024-03-01 18:00:00`; undefined: now. */
  trueAt?: string;
  /** What the page of tags shows: the list, where it is undefined; `copy` is a new rule that begins as another one. */
  show?: TagPart;
  /** Id of the rule that is shown; undefined: a new one, or all. */
  rule?: string;
  /** Whose audience or overlap is shown. */
  tags?: string[];
  /** Which orders are listed, beside the filters of the charts: with this dish (hash key), of this status. */
  product?: string;
  status?: Status;
  /** Times of the source, the begin and the end of a step of the timeline; the end no longer counts. */
  since?: string;
  until?: string;
  /** The figure that led to the orders counts guests. */
  of?: 'guests';
  /** Number of the order that is shown. */
  order?: string;
  /** Place of the dead letter that is shown on the page of the pipeline: topic:partition:offset. */
  letter?: string;
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
    rings: ringsOf(query),
    knownAt: instantOf(query.get('known_at')),
    trueAt: timeOf(query.get('true_at')),
  };
  if (view.period === 'own') {
    view.from = dayOf(query.get('from'));
    view.to = dayOf(query.get('to'));
  }
  switch (view.page) {
    case 'tags':
      return { ...view, ...tagsOf(query) };
    case 'pipeline':
      return { ...view, letter: query.get('letter') || undefined };
    case 'orders':
      return { ...view, ...ordersOf(query) };
    case 'order':
      return { ...view, ...ordersOf(query), order: query.get('order') || undefined };
    default:
      return view;
  }
}

function ringsOf(query: URLSearchParams): Ring[] | undefined {
  const asked = query.getAll('ring');
  const found = rings.filter((ring) => asked.includes(ring));
  return found.length > 0 ? found : undefined;
}

function tagsOf(query: URLSearchParams): Pick<View, 'show' | 'rule' | 'tags'> {
  const tags = query.getAll('tag');
  return {
    show: oneOf(tagParts, query.get('show')),
    rule: query.get('rule') || undefined,
    tags: tags.length > 0 ? tags : undefined,
  };
}

function ordersOf(query: URLSearchParams): Pick<View, 'product' | 'status' | 'since' | 'until' | 'of'> {
  return {
    product: query.get('product') || undefined,
    status: oneOf(statuses, query.get('status')),
    since: timeOf(query.get('since')),
    until: timeOf(query.get('until')),
    of: oneOf(['guests'] as const, query.get('of')),
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
  view.rings?.forEach((ring) => query.append('ring', ring));
  put('known_at', view.knownAt);
  put('true_at', view.trueAt);
  if (view.page === 'tags') {
    put('show', view.show);
    put('rule', view.rule);
    view.tags?.forEach((tag) => query.append('tag', tag));
  }
  put('letter', view.page === 'pipeline' ? view.letter : undefined);
  if (view.page === 'orders' || view.page === 'order') {
    put('product', view.product);
    put('status', view.status);
    put('since', view.since);
    put('until', view.until);
    put('of', view.of);
    put('order', view.page === 'order' ? view.order : undefined);
  }
  const text = query.toString();
  return text ? `?${text}` : './';
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | undefined {
  return values.find((value) => value === text);
}

/** @returns undefined for what is no time of the source to the second, as `2023-08-05 06:28:54` */
function timeOf(text: string | null): string | undefined {
  const [, day, hour, rest] = /^(\S+) (\d\d)(:[0-5]\d:[0-5]\d)$/.exec(text ?? '') ?? [];
  return day && dayOf(day) && Number(hour) < 24 && rest ? text! : undefined;
}

/** @returns undefined for what is no instant of UTC to the second, as `2024-03-01T15:00:00Z` */
function instantOf(text: string | null): string | undefined {
  const time = /^\S{19}Z$/.test(text ?? '') ? text!.slice(0, -1).replace('T', ' ') : null;
  return timeOf(time) && text!;
}

/** @returns undefined for what is no day of the calendar, as `2023-02-30` */
function dayOf(text: string | null): string | undefined {
  if (!text || !/^\d{4}-\d\d-\d\d$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : undefined;
}
